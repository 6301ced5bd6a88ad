import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import { clockTime, relative } from '../text/time.ts';
import { shortId } from './choose-incident.ts';
import type { Escalation } from './escalate.ts';
import type { RingPlan } from './ring.ts';
import { ringPlanView } from './ring-view.ts';
import type { ViewOptions } from './view.ts';

/** For which incident, why this person, and what will happen. */
export function escalationView({ incident, stage, ring, message }: Escalation, options: ViewOptions): string {
  const { paint, zone, now } = options;
  const since = Date.parse(incident.startedAt);
  const next = stage ? ` Next in "${plain(stage.name)}": stage ${stage.number}.` : '';
  return [
    `${paint.strong(plain(incident.title))} ${paint.dim(shortId(incident.id))}, open since ${clockTime(since, zone)} (${relative(since, now)}).${next}`,
    ringPlanView(ring, message, options),
  ].join('\n');
}

/** The error for a ring that the pager took, but that was not seen to go out. */
export function unproven({ targets }: RingPlan, incident: string | null): OncallError {
  const names = targets.map(({ name }) => plain(name)).join(', ');
  return new OncallError(`The pager has accepted the page for ${names}, but none was seen to go out in 10 s.`, {
    code: 'NOT_VERIFIED',
    hint: incident
      ? `Look again with \`oncall incident show ${incident}\`; do not ring twice. If it stays so, call them yourself.`
      : 'Call them yourself if they do not answer; do not page twice.',
  });
}
