import type { Alertmanager, Matcher, Silence } from '../clients/alertmanager/alertmanager.ts';
import { matcherText } from '../text/matcher-text.ts';

/** A silence that ended of late: a common answer to "why does this ring now?". Times are ISO 8601 UTC. */
export interface EndedSilence {
  id: string;
  startedAt: string;
  endedAt: string;
  createdBy: string;
  comment: string;
  /** As Alertmanager writes them: `alertname="X"`. */
  matchers: string[];
}

/** What a silence has to have been about: an alert, or, where none is known, anything of a service. */
export type SilenceSubject = { labels: Record<string, string> } | { service: string };

const SERVICE_LABELS = new Set(['service', 'app', 'job', 'deployment', 'container']);

/**
 * The silences that were about the subject and ended within the last `within` milliseconds, the latest first.
 * @param request.now milliseconds since 1970
 */
export async function endedSilences(request: {
  alertmanager: Pick<Alertmanager, 'silences'>;
  about: SilenceSubject;
  now: number;
  within: number;
}): Promise<EndedSilence[]> {
  const { alertmanager, ...rest } = request;
  return endedAmong(await alertmanager.silences(), rest);
}

/** Like `endedSilences`, among those that are known already. */
export function endedAmong(
  silences: readonly Silence[],
  { about, now, within }: { about: SilenceSubject; now: number; within: number },
): EndedSilence[] {
  return silences
    .filter((silence) => endedBetween(silence, now - within, now) && isAbout(silence, about))
    .sort((a, b) => Date.parse(b.endsAt) - Date.parse(a.endsAt))
    .map(({ id, startsAt, endsAt, createdBy, comment, matchers }) => ({
      id,
      startedAt: startsAt,
      endedAt: endsAt,
      createdBy,
      comment,
      matchers: matchers.map(matcherText),
    }));
}

function endedBetween({ startsAt, endsAt }: Silence, from: number, to: number): boolean {
  const end = Date.parse(endsAt);
  // One that was deleted while it was still pending never silenced anything: it ends where it starts, or before.
  return end > Date.parse(startsAt) && end > from && end <= to;
}

function isAbout({ matchers }: Silence, about: SilenceSubject): boolean {
  if ('labels' in about) return matchers.every((matcher) => matches(matcher, about.labels[matcher.name] ?? ''));
  return matchers.some(
    (matcher) => SERVICE_LABELS.has(matcher.name) && matcher.isEqual && matches(matcher, about.service),
  );
}

/** Whether a matcher takes a value. An absent label is the empty value; a pattern has to fit the whole of it. */
export function matches(matcher: Matcher, value: string): boolean {
  const fits = matcher.isRegex ? fitsWhole(matcher.value, value) : matcher.value === value;
  return fits === null ? false : fits === matcher.isEqual;
}

/** Parts of Go's patterns that JavaScript takes too, but for something else. https://github.com/google/re2/wiki/Syntax */
const ONLY_IN_GO = /\[:|\\[AzQEpPC]/;

/** Null for a pattern that Go knows and JavaScript does not: then nothing is claimed. */
function fitsWhole(pattern: string, value: string): boolean | null {
  if (ONLY_IN_GO.test(pattern)) return null;
  const flags = /^\(\?([is]+)\)/.exec(pattern);
  try {
    return new RegExp(`^(?:${flags ? pattern.slice(flags[0].length) : pattern})$`, flags?.[1] ?? '').test(value);
  } catch {
    return null;
  }
}
