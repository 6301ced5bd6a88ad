import type { Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { onCallAt, type Responder } from '../incidents/on-call.ts';
import type { Roster } from '../incidents/roster.ts';
import { failed, ok, type Seen, warning } from './check.ts';
import { RINGS } from './phone-check.ts';

/** How long somebody stands in where the next shift is far: nobody should do it for longer without being asked. */
const LONGEST_COVER = 12 * 3_600_000;

/**
 * Whether a page reaches somebody now.
 * @param facts.me who could stand in. @throws CONFIG when nothing tells it
 */
export async function somebodyOnShift(
  roster: Roster,
  facts: { pager: Pager; me: () => Promise<string>; now: number },
): Promise<Seen> {
  const { responders } = onCallAt(roster, facts.now, false);
  const [vacant] = responders.filter(({ people }) => people.length === 0);
  if (responders.length === 0) return failed('nobody is on shift: a page reaches no one', 'oncall who');
  if (vacant) {
    const remedy = await cover(roster, vacant, facts);
    const where = vacant.schedule ? ` in ${vacant.schedule}` : '';
    if (vacant === responders[0]) return failed(`nobody is on shift${where}: a page reaches no one first`, remedy);
    return warning(`nobody is on shift${where}`, remedy);
  }
  const silent = responders
    .flatMap(({ people }) => people)
    .filter(({ channels }) => !channels.some(({ kind, activated }) => activated && RINGS.includes(kind)));
  if (silent.length > 0) {
    const names = [...new Set(silent.map(({ name }) => name))].join(', ');
    return warning(
      `${names} would not be rung: no activated phone`,
      `Ask ${names} to run \`oncall doctor\`: it prints the command that activates their phone.`,
    );
  }
  return ok(responders.map(inOrder).join(', then '));
}

/**
 * Whoever looks takes the shift until the next one begins. That goes only where there is a shift that is nobody's: an
 * override adds no hours that the rotation does not cover.
 */
async function cover(
  roster: Roster,
  { schedule }: Responder,
  { pager, me, now }: { pager: Pager; me: () => Promise<string>; now: number },
): Promise<string> {
  const alias = await me().catch((error: unknown) => {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  });
  const rotation = schedule ? (await pager.contact(schedule)).rotations[0] : undefined;
  const shifts = roster.schedules.find((one) => one.alias === schedule)?.shifts ?? [];
  if (!shifts.some(({ from, to }) => Date.parse(from) <= now && now < Date.parse(to))) {
    return `Let a rotation cover this hour: AWS console, Systems Manager, Incident Manager, On-call schedules, ${schedule}.`;
  }
  if (!alias || !rotation) return 'oncall who';
  const next = shifts.map(({ from }) => Date.parse(from)).filter((from) => from > now);
  const until = Math.min(now + LONGEST_COVER, ...next);
  const [from, to] = [now, until].map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`) as [string, string];
  return pager.byHand({ kind: 'cover', rotation, contact: alias, from, to });
}

function inOrder({ people }: Responder): string {
  return people.map(({ name }) => name).join(' and ');
}
