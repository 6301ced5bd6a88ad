import type { Station } from '../cli/stations.ts';
import type { Alertmanager, Silence } from '../clients/alertmanager/alertmanager.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Config, Service } from '../config/config.ts';
import { readHold } from '../deploys/hold.ts';
import { OncallError } from '../errors.ts';
import { readRoster } from '../incidents/roster.ts';
import { dateTime, formatDuration, parseDuration, type Zone } from '../text/time.ts';
import {
  examine,
  type Finding,
  type Flaw,
  failed,
  flawOf,
  ok,
  type Seen,
  signInCheck,
  skipped,
  summed,
  warning,
} from './check.ts';
import { clockIsRight } from './metrics-checks.ts';
import { type MyShift, myShift } from './my-shift.ts';
import { phones } from './phone-check.ts';
import { firstEnd } from './sign-ins-view.ts';

/** What has to hold until my shift is over. Clients come as questions, since connecting may fail as well. */
export interface ShiftQuestions {
  config: Config;
  me: () => Promise<string>;
  pager: () => Promise<Pager>;
  github: () => Promise<GitHub>;
  prometheus: () => Promise<Prometheus>;
  alertmanager: () => Promise<Alertmanager>;
  stations: readonly Station[];
  /** Milliseconds since 1970. */
  now: () => number;
  zone: Zone;
  /** End to look up to; null takes the end of my shift. */
  until: number | null;
}

/** Until when to look, in milliseconds since 1970, and whose end that is. */
interface Horizon {
  at: number;
  /** `your shift ends`, for sentences. */
  words: string;
}

/**
 * What ends, or is left over, before my shift does: sign-ins, silences, holds; and what I need all along: phone, clock, and
 * somebody who takes over.
 * @throws INTERRUPTED
 */
export async function shiftChecks(questions: ShiftQuestions): Promise<Finding[]> {
  const { config, stations, now, pager } = questions;
  // Loading our own programs is not the other side's slowness. What fails here fails again in its own check.
  await Promise.allSettled([pager(), questions.github(), ...stations.map((station) => station.way())]);
  let shift: MyShift | null = null;
  const mine = await examine('Your shift', async () => {
    shift = await findShift(questions);
    return aboutShift(shift, questions);
  });
  const horizon = horizonOf(shift, questions);
  const { connection, services } = config;
  return [
    mine,
    ...(await Promise.all([
      ...stations.map((station) =>
        signInCheck(station.title, station.name, () => lasts(station, { horizon, ...questions })),
      ),
      examine('Silences', async () =>
        connection.alertmanager
          ? silences(await (await questions.alertmanager()).silences(), { horizon, ...questions })
          : skipped('`alertmanager.url` is not set'),
      ),
      examine('Deploy holds', () => holds(services, { horizon, ...questions })),
      examine('Your phone', async () => {
        const client = await pager();
        return phones(client, await client.contact(await questions.me()));
      }),
      examine('Clock', async () =>
        connection.prometheus
          ? clockIsRight(await questions.prometheus(), now)
          : skipped('`prometheus.url` is not set'),
      ),
      examine('Hand-off', () => handOff(shift, questions.zone)),
    ])),
  ];
}

async function findShift({ config, pager, me, now }: ShiftQuestions): Promise<MyShift | null> {
  const roster = await readRoster(await pager(), config.escalation, { at: now(), now: now() });
  return myShift(roster, await me(), now());
}

function aboutShift(shift: MyShift | null, { now, until, zone }: ShiftQuestions): Seen {
  if (!shift) {
    if (until !== null) return ok(`none of yours is known; looked at until ${dateTime(until, zone)}`);
    return failed(
      'you have none in the next 28 days, so it is not clear until when to look',
      'oncall doctor --for-shift --until 12h',
      'NOT_FOUND',
    );
  }
  const { from, to, schedule, running } = shift;
  const when = running
    ? `runs until ${dateTime(to, zone)}, ${formatDuration(to - now())} more`
    : `the next one is from ${dateTime(from, zone)} to ${dateTime(to, zone)}`;
  return ok(`${when} (${schedule})${until === null ? '' : `; looked at until ${dateTime(until, zone)}`}`);
}

function horizonOf(shift: MyShift | null, { until, zone }: ShiftQuestions): Horizon | null {
  if (until !== null) return { at: until, words: dateTime(until, zone) };
  return shift && { at: shift.to, words: 'your shift ends' };
}

type Judge = ShiftQuestions & { horizon: Horizon | null };

async function lasts(station: Station, { horizon, now, zone }: Judge): Promise<Seen> {
  const { who, ends } = await station.look();
  const end = firstEnd(ends);
  if (!end) return ok(`${who}; ${ends.length > 0 ? 'renews itself' : 'no end is known'}`);
  const at = Date.parse(end.at);
  if (at <= now()) return failed(`${who}; the ${end.what} has expired at ${dateTime(at, zone)}`, null, 'AUTH');
  if (!horizon || at >= horizon.at) return ok(`${who}; good until ${dateTime(at, zone)}`);
  return warning(
    `${who}; the ${end.what} expires ${before(at, horizon, zone)}`,
    `oncall login --only ${station.name} --force`,
  );
}

function before(at: number, { at: end, words }: Horizon, zone: Zone): string {
  return `${dateTime(at, zone)}, ${formatDuration(end - at)} before ${words}`;
}

/** One that ends lets its alert ring; one that outlasts the shift is somebody else's surprise. */
function silences(all: readonly Silence[], { horizon, zone }: Judge): Seen {
  const active = all.filter(({ state }) => state !== 'expired');
  const flaws: Flaw[] = active.map(({ endsAt, comment, createdBy, matchers }) => {
    const at = Date.parse(endsAt);
    const subject = matchers.map(({ name, value }) => `${name}=${value}`).join(', ') || 'everything';
    const end =
      horizon && at < horizon.at
        ? `ends ${before(at, horizon, zone)}: it may ring then`
        : `is open beyond that, until ${dateTime(at, zone)}: tell whoever takes over`;
    return { subject, words: `"${comment}" of ${createdBy} ${end}`, remedy: null, code: null };
  });
  return summed(flaws, 'none is in force');
}

async function holds(services: readonly Service[], { github, horizon, now, zone }: Judge): Promise<Seen> {
  const named = new Map(services.flatMap((one) => (one.repository ? [[one.repository, one.name]] : [])));
  if (named.size === 0) return skipped('no service names its `repository`');
  const client = await github();
  const flaws = await Promise.all(
    [...named].map(([repository = '', service = '']) =>
      flawOf(service, async () => {
        const hold = await readHold(client, repository);
        if (!hold) return null;
        const at = hold.until ? Date.parse(hold.until) : null;
        const end = at === null ? 'has no end' : held(at, { now: now(), horizon, zone });
        const words = `held${hold.by ? ` by ${hold.by}` : ''}${hold.reason ? ` ("${hold.reason}")` : ''}; it ${end}`;
        return { subject: service, words, remedy: `oncall release ${service}`, code: null };
      }),
    ),
  );
  return summed(
    flaws.flatMap((flaw) => flaw ?? []),
    'nothing is held',
  );
}

function held(at: number, { now, horizon, zone }: { now: number; horizon: Horizon | null; zone: Zone }): string {
  if (at <= now) return `was meant to end at ${dateTime(at, zone)}`;
  return horizon && at < horizon.at ? `is to end ${before(at, horizon, zone)}` : `is to end at ${dateTime(at, zone)}`;
}

function handOff(shift: MyShift | null, zone: Zone): Seen {
  if (!shift) return skipped('not known without a shift of yours');
  if (shift.next.length > 0) return ok(`to ${shift.next.join(' and ')}, ${dateTime(shift.to, zone)}`);
  return warning(`nobody takes over from you at ${dateTime(shift.to, zone)}`, 'oncall who');
}

/** The headline over the checks. */
export function shiftHeadline(findings: readonly Finding[]): string {
  const count = findings.filter(({ outcome }) => outcome === 'failed' || outcome === 'warning').length;
  if (count === 0) return 'Everything holds until your shift is over.';
  return `${count} ${count === 1 ? 'thing needs' : 'things need'} a look before your shift is over.`;
}

/**
 * The moment that `--until` names: a time, or how long from now.
 * @returns milliseconds since 1970. @throws USAGE, also for a moment that is past
 */
export function untilMoment(text: string, now: number): number {
  const at = /^[\d.smhdw]+$/.test(text) && /[smhdw]$/.test(text) ? now + parseDuration(text) : Date.parse(text);
  if (at > now) return at;
  throw new OncallError(Number.isNaN(at) ? `"${text}" is not a time.` : `"${text}" is past.`, {
    code: 'USAGE',
    hint: 'Write it as a span such as 8h, or as ISO 8601, for example 2026-12-24T20:00Z.',
  });
}
