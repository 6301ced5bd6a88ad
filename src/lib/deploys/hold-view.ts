import { plain } from '../text/plain.ts';
import { dayTime, formatDuration, relative } from '../text/time.ts';
import type { HoldPlan, ReleasePlan } from './change-hold.ts';
import type { Hold } from './hold.ts';
import type { ViewOptions } from './view.ts';

/** ` (advisory: …)` unless the deploy workflow is seen to read the hold. */
export function advisory(isRead: boolean | null): string {
  if (isRead) return '';
  const why =
    isRead === null
      ? 'it is not known whether the deploy workflow stops for it'
      : 'the deploy workflow does not read it';
  return ` (advisory: ${why})`;
}

/** `by ana since Mon 03:12Z (4h ago), until …: reason`, with what is known of it. */
export function heldBy({ by, since, until, reason }: Hold, { zone, now }: ViewOptions): string {
  const words = [
    by ? `by ${plain(by)}` : 'by somebody',
    since ? `since ${dayTime(Date.parse(since), zone)} (${relative(Date.parse(since), now)})` : null,
    until ? untilText(Date.parse(until), { zone, now }) : null,
  ].filter(Boolean);
  return `${words.join(', ')}${reason ? `: ${plain(reason)}` : ''}`;
}

function untilText(at: number, { zone, now }: Pick<ViewOptions, 'zone' | 'now'>): string {
  return at < now ? `meant until ${dayTime(at, zone)}, which is over` : `until ${dayTime(at, zone)}`;
}

export function holdPlanView(plan: HoldPlan, options: ViewOptions): string {
  const { paint, zone, now } = options;
  const { service, repository, hold, previous, isRead } = plan;
  const until = Date.parse(hold.until ?? '');
  const warn = paint.warn(paint.sign.warn);
  return [
    `${paint.strong(`Hold deploys of ${service}`)} (${repository}) for ${formatDuration(until - now)}, until ${dayTime(until, zone)}: ${plain(hold.reason ?? '')}`,
    previous ? `${warn} They are on hold already, ${heldBy(previous, options)}. That hold would be replaced.` : null,
    isRead ? null : `${warn} Nothing enforces it${advisory(isRead)}: it only tells the others.`,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

export function heldView({ service, hold }: HoldPlan, { paint, zone }: ViewOptions): string {
  return [
    `${paint.good(paint.sign.good)} Deploys of ${service} are on hold until ${dayTime(Date.parse(hold.until ?? ''), zone)}.`,
    `${paint.sign.next} next: ${paint.command(`oncall release ${service}`)} once deploys may go on`,
  ].join('\n');
}

export function releasePlanView(plan: ReleasePlan, options: ViewOptions): string {
  const { paint } = options;
  const { service, repository, hold } = plan;
  if (!hold) return `${paint.good(paint.sign.good)} Deploys of ${service} are not on hold.`;
  const lines = [`${paint.strong(`Release deploys of ${service}`)} (${repository}). On hold ${heldBy(hold, options)}`];
  if (hold.service && hold.service !== service)
    lines.push(`${paint.warn(paint.sign.warn)} That hold was set for ${plain(hold.service)}, of the same repository.`);
  return lines.join('\n');
}

export function releasedView({ service }: ReleasePlan, { paint }: ViewOptions): string {
  return [
    `${paint.good(paint.sign.good)} Deploys of ${service} may go on. What was reverted comes back with the next deploy, unless it is fixed on the branch.`,
    `${paint.sign.next} next: ${paint.command(`oncall deploys ${service}`)}`,
  ].join('\n');
}

/** What the incident's timeline says of a hold; it is read in many zones, so in UTC. */
export function holdNote({ service, hold }: HoldPlan): string {
  const until = (hold.until ?? '').slice(0, 16).replace('T', ' ');
  return `Put deploys of ${service} on hold until ${until}Z: ${plain(hold.reason ?? '')}`;
}
