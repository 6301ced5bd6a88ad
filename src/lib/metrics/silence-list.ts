import type { Alertmanager, Silence } from '../clients/alertmanager/alertmanager.ts';
import { OncallError } from '../errors.ts';
import { matcherText } from '../text/matcher-text.ts';
import { plain } from '../text/plain.ts';
import { type HiddenAlert, hiddenAlert } from './silence-plan.ts';

/** A silence and what it hides now. Times are ISO 8601 UTC. */
export interface ListedSilence {
  id: string;
  state: Silence['state'];
  /** As Alertmanager writes them. */
  matchers: string[];
  createdBy: string;
  comment: string;
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  hides: HiddenAlert[];
}

const HOUR = 3_600_000;
const ORDER = { active: 0, pending: 1, expired: 2 };

/**
 * The silences in force and to come, the next to end first; those that ended within the hour where `ended` is wanted.
 * @param wanted.by only those of this author; null takes all
 */
export async function listSilences(
  alertmanager: Alertmanager,
  wanted: { by: string | null; ended: boolean; now: number },
): Promise<ListedSilence[]> {
  const [silences, alerts] = await Promise.all([alertmanager.silences(), alertmanager.alerts()]);
  return silences
    .filter(({ state, endsAt }) => state !== 'expired' || (wanted.ended && wanted.now - Date.parse(endsAt) < HOUR))
    .filter(({ createdBy }) => wanted.by === null || createdBy === wanted.by)
    .map(({ matchers, ...silence }) => ({
      ...silence,
      matchers: matchers.map(matcherText),
      hides: alerts.filter(({ silencedBy }) => silencedBy.includes(silence.id)).map(hiddenAlert),
    }))
    .sort((a, b) => ORDER[a.state] - ORDER[b.state] || sooner(a, b));
}

function sooner(a: ListedSilence, b: ListedSilence): number {
  return (Date.parse(a.endsAt) - Date.parse(b.endsAt)) * (a.state === 'expired' ? -1 : 1);
}

/** The silence that a beginning of an id means, ended ones too. @throws NOT_FOUND, AMBIGUOUS */
export async function silenceNamed(alertmanager: Alertmanager, ref: string): Promise<ListedSilence> {
  const everything = await listSilences(alertmanager, { by: null, ended: true, now: Number.NEGATIVE_INFINITY });
  const wanted = ref.toLowerCase();
  const found = everything.filter(({ id }) => id.toLowerCase().startsWith(wanted));
  const [only, ...others] = found;
  if (only && others.length === 0) return only;
  if (only) throw severalSilences(`"${plain(ref)}" is the beginning of several silences’ ids.`, found);
  throw new OncallError(`There is no silence "${plain(ref)}".`, {
    code: 'NOT_FOUND',
    hint: 'See what there is with `oncall silence list --all`.',
  });
}

/** The error for more than one candidate, with a line for each to choose from. */
export function severalSilences(message: string, silences: readonly ListedSilence[]): OncallError {
  const lines = silences.slice(0, 8).map((silence) => `  oncall silence end ${silence.id}  ${silenceTitle(silence)}`);
  return new OncallError(message, { code: 'AMBIGUOUS', hint: `Name one:\n${lines.join('\n')}` });
}

/** A silence in one line: what it hides, whose it is, and why. */
export function silenceTitle({ matchers, createdBy, comment }: ListedSilence): string {
  return `${plain(matchers.join(' '))}  by ${plain(createdBy)}: ${plain(comment)}`;
}
