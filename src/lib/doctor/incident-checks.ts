import type { Pager } from '../clients/pager/pager.ts';
import { shortId } from '../incidents/choose-incident.ts';
import { formatDuration } from '../text/time.ts';
import { ok, type Seen, warning } from './check.ts';

/** An incident that is open for longer was more likely forgotten than worked on. */
const STALE = 12 * 3_600_000;

/** What fires again while an incident of its plan is open is only added to that one, and rings nobody. */
export async function openIncidents(pager: Pager, now: number): Promise<Seen> {
  const open = await pager.incidents({ status: 'open' });
  const stale = open.filter(({ startedAt }) => now - Date.parse(startedAt) > STALE);
  const [first] = [...stale].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  if (!first) return ok(open.length === 0 ? 'none' : `${open.length}, of today`);
  const words = stale.map(
    ({ title, startedAt }) => `"${title}", open for ${formatDuration(now - Date.parse(startedAt))}`,
  );
  return warning(
    `${words.join('; ')}: while it is open, the same alert rings nobody again`,
    `oncall resolve -i ${shortId(first.id)}`,
  );
}

/** Notes that the pager could not take yet. */
export function journal(pending: readonly { incident: string | null }[]): Seen {
  const first = pending.find(({ incident }) => incident)?.incident;
  if (!first) return ok('nothing waits to be sent');
  const count = pending.length === 1 ? '1 note waits' : `${pending.length} notes wait`;
  return warning(
    `${count} on this machine for an incident's timeline`,
    `oncall note -i ${shortId(first)} 'the notes before this one were sent late'`,
  );
}
