import type { Engagement, Incident, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import type { Clock } from './acknowledge.ts';
import { chooseIncident, shortId } from './choose-incident.ts';

const LONGEST_LAG = 10_000;
const POLL = 500;

/** An engagement that ended with the incident, or that could not be ended. */
export interface EndedEngagement {
  engagement: string;
  contact: string;
  /** Why it still runs; null when it was stopped. */
  failure: string | null;
}

export interface Resolved {
  /** As the pager shows it afterwards. */
  incident: Incident;
  /** Milliseconds from start to end; null when the pager does not show an end yet. */
  lasted: number | null;
  stopped: EndedEngagement[];
  /** Whether the pager shows it as resolved. */
  verified: boolean;
}

/**
 * The incident to resolve. With nothing open, the one that this machine last worked on, so that it can be said that it
 * was resolved; null when there is none either.
 * @throws NOT_FOUND, AMBIGUOUS
 */
export async function incidentToResolve(
  pager: Pager,
  ref: string | null,
  current: string | null,
): Promise<Incident | null> {
  const choice = await chooseIncident(pager, ref, current);
  if (choice || current === null) return choice?.incident ?? null;
  return pager.incident(current).catch((error: unknown) => {
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
}

/** The engagements of an incident that may still ring somebody. */
export async function runningEngagements(pager: Pager, incidentId: string): Promise<Engagement[]> {
  return (await pager.engagements(incidentId)).filter(({ stoppedAt }) => stoppedAt === null);
}

/**
 * Resolves an incident, stops every engagement that still runs (no pager promises to do that by itself), and reads it
 * back. A call without a clear answer is settled by that look; nothing is sent twice.
 * @throws UNAVAILABLE when it is not known whether it was resolved
 */
export async function resolveIncident(request: {
  pager: Pager;
  incident: Incident;
  running: readonly Engagement[];
  token: string;
  reason: string;
  clock: Clock;
}): Promise<Resolved> {
  const { pager, incident, running, token, reason, clock } = request;
  let doubt: OncallError | null = null;
  try {
    await pager.resolve(incident.id, token);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    doubt = error;
  }
  const after = await readBack(pager, incident, clock);
  const verified = after.status === 'resolved' && after.resolvedAt !== null;
  if (!verified && doubt) throw unknownWhether(doubt);
  const stopped = await Promise.all(running.map((engagement) => stopOne(pager, engagement, reason)));
  const lasted = after.resolvedAt ? Date.parse(after.resolvedAt) - Date.parse(after.startedAt) : null;
  return { incident: after, lasted, stopped, verified };
}

async function readBack(pager: Pager, incident: Incident, clock: Clock): Promise<Incident> {
  let last = incident;
  for (const giveUp = clock.now() + LONGEST_LAG; ; await clock.wait(POLL)) {
    try {
      last = await pager.incident(incident.id);
      if (last.status === 'resolved' && last.resolvedAt !== null) return last;
    } catch (error) {
      if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    }
    if (clock.now() >= giveUp) return last;
  }
}

async function stopOne(pager: Pager, { id, contact }: Engagement, reason: string): Promise<EndedEngagement> {
  try {
    await pager.stop(id, reason);
    return { engagement: id, contact, failure: null };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { engagement: id, contact, failure: error.message };
  }
}

function unknownWhether(cause: OncallError): OncallError {
  return new OncallError('It is not known whether the incident was resolved: the pager did not answer.', {
    code: 'UNAVAILABLE',
    hint: 'Look with `oncall incident show`; resolving it again does no harm.',
    cause,
  });
}

/** The error for a pager that took the call but does not show its effect. */
export function notVerified({ id }: Incident): OncallError {
  return new OncallError('The pager took it, but does not show the incident as resolved after 10 s.', {
    code: 'NOT_VERIFIED',
    hint: `Look again with \`oncall incident show ${shortId(id)}\`.`,
  });
}
