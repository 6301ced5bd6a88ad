import type { Engagement, Incident } from '../clients/pager/pager.ts';
import type { Paint } from '../text/paint.ts';
import { plainLines } from '../text/plain.ts';
import type { Message } from './engage.ts';
import type { PageService } from './page.ts';
import type { RingPlan } from './ring.ts';

/** A call that would change something, as `--dry-run` shows it: no vendor's address in it. */
export interface PlannedCall {
  operation: string;
  on: string;
  with: Record<string, string>;
}

/** What a ring would send. */
export function ringCalls(plan: RingPlan, message: Message, incidentId: string | null): PlannedCall[] {
  return [
    ...plan.targets.map(({ contact }) => ({
      operation: 'StartEngagement',
      on: contact,
      with: { ...(incidentId ? { incident: incidentId } : {}), ...message },
    })),
    ...plan.stops.map(({ engagement }) => ({
      operation: 'StopEngagement',
      on: engagement,
      with: { reason: `${plan.targets.map(({ name }) => name).join(', ')} rung directly by ${message.sender}` },
    })),
  ];
}

/** What opening an incident would send. */
export function openCalls({ plan, title, impact }: PageService): PlannedCall[] {
  return [
    { operation: 'StartIncident', on: plan, with: { title, ...(impact === null ? {} : { impact: String(impact) }) } },
  ];
}

/** What resolving would send. */
export function resolveCalls({ id }: Incident, running: readonly Engagement[]): PlannedCall[] {
  return [
    { operation: 'UpdateIncidentRecord', on: id, with: { status: 'RESOLVED' } },
    ...running.map((engagement) => ({
      operation: 'StopEngagement',
      on: engagement.id,
      with: { contact: engagement.contact },
    })),
  ];
}

/** What a note would send. */
export function noteCall(incidentId: string, text: string): PlannedCall {
  return { operation: 'CreateTimelineEvent', on: incidentId, with: { type: 'Note', text } };
}

/** The calls, each with what goes with it, one thing a line. */
export function callsView(calls: readonly PlannedCall[], { paint }: { paint: Paint }): string {
  return [
    calls.length > 0 ? 'Would call, in this order (nothing was done):' : 'Would call nothing.',
    ...calls.flatMap(({ operation, on, with: values }) => [
      `  ${paint.strong(operation)} ${plainLines(on)}`,
      ...Object.entries(values).flatMap(([name, value]) => {
        const [first = '', ...rest] = plainLines(value).split('\n');
        return [`    ${name}: ${first}`, ...rest.map((line) => `      ${line}`)];
      }),
    ]),
  ].join('\n');
}
