import type { Alertmanager, Silence, SilenceDraft } from '../clients/alertmanager/alertmanager.ts';
import { OncallError } from '../errors.ts';
import { sameMatchers } from './matchers.ts';

/** How often, and how far apart in milliseconds, is looked before something counts as not there. */
const LOOKS = 5;
const BETWEEN = 1000;

export interface Writing {
  alertmanager: Alertmanager;
  /** Resolves after so many milliseconds; rejects with INTERRUPTED on Ctrl-C. */
  wait: (ms: number) => Promise<void>;
}

/** A silence that was set, as Alertmanager gives it back. */
export interface AddedSilence {
  id: string;
  startsAt: string;
  endsAt: string;
  /** How many alerts it hides now. */
  hides: number;
}

/**
 * Sets a silence with one write, reads it back, and looks that what it shall hide is hidden. After a doubtful answer it
 * only looks: nothing is written twice.
 * @throws UNAVAILABLE when it was not set, or that cannot be told; NOT_VERIFIED when it is there and does not work
 */
export async function addSilence(
  draft: SilenceDraft,
  { alertmanager, wait, onWritten }: Writing & { onWritten?: (id: string) => Promise<void> },
): Promise<AddedSilence> {
  const id = await writeOnce(draft, { alertmanager, wait });
  await onWritten?.(id);
  let found: Silence | undefined;
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await wait(BETWEEN);
    const [silences, alerts] = await Promise.all([alertmanager.silences(), alertmanager.alerts(draft.matchers)]).catch(
      unread,
    );
    found = silences.find((silence) => silence.id === id && silence.state === 'active');
    const heard = alerts.filter(({ silencedBy }) => !silencedBy.includes(id));
    if (found && heard.length === 0) {
      return { id, startsAt: found.startsAt, endsAt: found.endsAt, hides: alerts.length };
    }
  }
  const state = found ? 'is there, but what it shall hide is still heard' : 'was taken, but cannot be found in force';
  throw new OncallError(`The silence ${id} ${state}.`, {
    code: 'NOT_VERIFIED',
    hint: 'Look at it with `oncall silence list --all` and `oncall alerts --silenced`.',
  });

  function unread(error: unknown): never {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    throw new OncallError(`The silence ${id} was set, but could not be read back: ${error.message}`, {
      code: 'NOT_VERIFIED',
      hint: 'Look at it with `oncall silence list`.',
    });
  }
}

async function writeOnce(draft: SilenceDraft, { alertmanager, wait }: Writing): Promise<string> {
  try {
    return await alertmanager.putSilence(draft);
  } catch (error) {
    if (!isDoubtful(error)) throw error;
    const found = await lookFor(draft, { alertmanager, wait }, error);
    if (found) return found.id;
    throw new OncallError(`The silence was not set: ${error.message}`, {
      code: 'UNAVAILABLE',
      hint: 'Alertmanager was asked and does not have it: try again in a moment.',
      cause: error,
    });
  }
}

/** Whether a write may have happened although it failed here. */
export function isDoubtful(error: unknown): error is OncallError {
  return error instanceof OncallError && error.code === 'UNAVAILABLE';
}

/** Twice, since a slow server may still be at it. */
async function lookFor(
  draft: SilenceDraft,
  { alertmanager, wait }: Writing,
  doubt: OncallError,
): Promise<Silence | null> {
  for (let look = 0; look < 2; look++) {
    if (look > 0) await wait(BETWEEN);
    const silences = await alertmanager.silences().catch((error: unknown): never => {
      if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
      throw new OncallError(`It is not known whether the silence was set: ${doubt.message}`, {
        code: 'UNAVAILABLE',
        hint: 'Look with `oncall silence list --mine` before you set it again.',
        cause: doubt,
      });
    });
    const found = silences.find((silence) => isOf(silence, draft));
    if (found) return found;
  }
  return null;
}

/** Whether a silence is the one of the draft, by all that its author chose. */
function isOf(silence: Silence, draft: SilenceDraft): boolean {
  return (
    silence.state !== 'expired' &&
    silence.createdBy === draft.createdBy &&
    silence.comment === draft.comment &&
    sameMatchers(silence.matchers, draft.matchers) &&
    Math.abs(Date.parse(silence.endsAt) - Date.parse(draft.endsAt)) < 1000
  );
}

/**
 * Ends a silence with one write, and looks that it has ended.
 * @throws UNAVAILABLE when it has not, or that cannot be told; NOT_VERIFIED when it goes on although it was ended
 */
export async function endSilence(id: string, { alertmanager, wait }: Writing): Promise<void> {
  let doubt: OncallError | null = null;
  try {
    await alertmanager.endSilence(id);
  } catch (error) {
    if (!isDoubtful(error)) throw error;
    doubt = error;
  }
  for (let look = 0; look < (doubt ? 2 : LOOKS); look++) {
    if (look > 0) await wait(BETWEEN);
    const found = (await alertmanager.silences()).find((silence) => silence.id === id);
    if (!found || found.state === 'expired') return;
  }
  if (doubt) throw doubt;
  throw new OncallError(`The silence ${id} was ended, but Alertmanager still has it in force.`, {
    code: 'NOT_VERIFIED',
    hint: 'Look again with `oncall silence list`.',
  });
}
