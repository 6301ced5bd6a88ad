import { OncallError } from '../errors.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { clockTime, relative, type Zone } from '../text/time.ts';
import { shortSilence } from './firing-view.ts';
import type { KeepEvent, Kept } from './keep-silenced.ts';

interface Words {
  paint: Paint;
  zone: Zone;
  now: number;
}

/** What happened to a silence that is kept up, in one line. */
function keepEventView(event: Exclude<KeepEvent, { kind: 'watching' }>, words: Words): string {
  const until = 'until' in event ? untilWords(event.until, words) : '';
  switch (event.kind) {
    case 'renewed': {
      const id = event.replaced ? ` Its id is now ${shortSilence(event.id)}.` : '';
      return `Still firing: silenced again until ${until}.${id}`;
    }
    case 'away':
      return `Alertmanager cannot be reached, and is tried again; the silence lasts until ${until}. ${plain(event.message)}`;
    case 'back':
      return 'Alertmanager answers again.';
  }
}

/** Where what happens is told: a line that moves, remarks, and what must not be lost. */
export interface Telling {
  progress: { update(text: string): void; done(): void };
  tell(text: string): void;
  caution(text: string): void;
  words(): Words;
}

/** Tells each event as it comes. */
export function tellKeeping({ progress, tell, caution, words }: Telling): (event: KeepEvent) => void {
  return (event) => {
    if (event.kind === 'watching') return progress.update(watchingLine(event, words()));
    progress.done();
    (event.kind === 'away' ? caution : tell)(keepEventView(event, words()));
  };
}

/** `1 alert fires, silenced until 03:30Z` */
function watchingLine({ alerts, until }: Extract<KeepEvent, { kind: 'watching' }>, words: Words): string {
  const count = alerts === 1 ? '1 alert fires' : alerts === 0 ? 'No alert fires' : `${alerts} alerts fire`;
  return `${count}, silenced until ${untilWords(until, words)}. Ctrl-C lets it run out.`;
}

function untilWords(until: number, { zone, now }: Words): string {
  return `${clockTime(until, zone)} (${relative(until, now)})`;
}

/** How the watch ended, in words for people; a verdict that is no success is `keepFailure`'s. */
export function keptView(kept: Kept, words: Words): string {
  const { paint } = words;
  const id = shortSilence(kept.id);
  if (kept.end === 'ended')
    return `${paint.warn(paint.sign.warn)} Somebody has ended the silence ${id}: it is not set again.`;
  if (kept.trouble) {
    return `${paint.warn(paint.sign.warn)} The alert is resolved, but the silence ${id} could not be ended; it runs out at ${untilWords(kept.until, words)}.`;
  }
  return `${paint.good(paint.sign.good)} The alert is resolved: the silence ${id} was ended, after ${kept.renewals} renewal${kept.renewals === 1 ? '' : 's'}.`;
}

/** The error for a watch that ended before the alert did; null for the others. */
export function keepFailure({ end, id, until }: Kept, words: Words): OncallError | null {
  const short = shortSilence(id);
  if (end === 'interrupted') {
    return new OncallError(
      `Interrupted. The silence ${short} is not renewed any more and runs out by itself at ${untilWords(until, words)}.`,
      { code: 'INTERRUPTED', hint: `End it now: \`oncall silence end ${short}\`` },
    );
  }
  if (end !== 'cap') return null;
  return new OncallError(`The longest time is over and the alert still fires: from now on it is heard again.`, {
    code: 'NOT_VERIFIED',
    hint: 'Look at it with `oncall alerts`; to go on, silence it anew.',
  });
}
