import type { Matcher } from '../clients/alertmanager/alertmanager.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import { matches } from './silences.ts';

const CONDITION = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*((?:.|\n)*?)\s*$/;
/** Labels by which teams name the service that an alert is about; the first one that fits is taken. */
export const SERVICE_LABELS = ['service', 'app', 'job', 'deployment', 'container'];
/** A pattern that takes all of these takes anything. */
const PROBES = ['a', 'Zq-7_x', '0', 'an unlikely value', 'ü/:.'];

/**
 * Reads matchers as amtool does: one a word, `name=value` with `=`, `!=`, `=~` or `!~`, quotes optional. A first word that
 * is no matcher is the name of an alert.
 * @throws USAGE for any other word
 */
export function readMatchers(words: readonly string[]): Matcher[] {
  return words.map((word, i) => {
    const read = readMatcher(word);
    if (typeof read !== 'string') return read;
    if (i === 0 && word.trim() !== '') return { name: 'alertname', value: word, isRegex: false, isEqual: true };
    throw new OncallError(`"${plain(word)}" is no matcher: ${read}.`, {
      code: 'USAGE',
      hint: 'Write it like service=dolthubapi, severity!=page or \'instance=~"db-.*"\'.',
    });
  });
}

/** The matcher, or what is wrong with it. https://github.com/prometheus/alertmanager/blob/v0.25.0/pkg/labels/parse.go */
function readMatcher(word: string): Matcher | string {
  const [, name = '', operator = '', raw] = CONDITION.exec(word) ?? [];
  if (raw === undefined) return 'it has no =, !=, =~ or !~ after a label’s name';
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(raw)?.[1];
  if (quoted === undefined && /"/.test(raw.replace(/\\./gs, ''))) return 'a quote in its value is not escaped';
  const value = (quoted ?? raw).replace(/\\(["\\n])/g, (_, character: string) =>
    character === 'n' ? '\n' : character,
  );
  return { name, value, isRegex: operator.endsWith('~'), isEqual: !operator.startsWith('!') };
}

/**
 * Refuses what would silence more than anybody means: Alertmanager's own rule (one matcher at least must not fit the
 * empty string), and matchers that fit whatever comes.
 * @throws REFUSED
 */
export function refuseSweeping(matchers: readonly Matcher[]): void {
  if (matchers.every((one) => matches(one, ''))) {
    throw new OncallError(
      'These matchers also fit alerts that lack the labels, and so every alert there is. Alertmanager takes no such silence.',
      { code: 'REFUSED', hint: 'Name what is meant, e.g. alertname=NAME service=NAME.' },
    );
  }
  if (matchers.every((one) => !one.isEqual || (one.isRegex && PROBES.every((probe) => matches(one, probe))))) {
    throw new OncallError('These matchers name nothing: they fit every alert that has the labels, also tomorrow’s.', {
      code: 'REFUSED',
      hint: 'Name what is meant, e.g. alertname=NAME service=NAME.',
    });
  }
}

/** Exactly one alert: a matcher for each of its labels, its name first. */
export function matchersOf(labels: Readonly<Record<string, string>>): Matcher[] {
  const names = Object.keys(labels).sort((a, b) =>
    a === 'alertname' ? -1 : b === 'alertname' ? 1 : a.localeCompare(b),
  );
  return names.map((name) => ({ name, value: labels[name] ?? '', isRegex: false, isEqual: true }));
}

/** The service that an alert names; null when it names none. */
export function serviceOf(labels: Readonly<Record<string, string>>): string | null {
  return SERVICE_LABELS.map((name) => labels[name]).find(Boolean) ?? null;
}

/** The matcher for a service, by the label that the alerts of now use for it. */
export function matcherOfService(service: string, firing: readonly { labels: Record<string, string> }[]): Matcher {
  const name = SERVICE_LABELS.find((label) => firing.some(({ labels }) => labels[label] === service)) ?? 'service';
  return { name, value: service, isRegex: false, isEqual: true };
}

/** Whether two lists say the same, in whatever order: servers may sort them. */
export function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  const key = (all: readonly Matcher[]) =>
    JSON.stringify(
      all.map(({ name, value, isRegex, isEqual }) => [name, value, isRegex, isEqual].join('\u0000')).sort(),
    );
  return key(a) === key(b);
}
