import { plain } from '../text/plain.ts';
import { shortId } from './choose-incident.ts';
import { impactWord } from './message.ts';
import type { Opened } from './open-incident.ts';
import type { PagePerson, PageService } from './page.ts';
import type { RingPlan } from './ring.ts';
import { deliveryLines, ringPlanView, ringQuestion } from './ring-view.ts';
import type { ViewOptions } from './view.ts';

/** What a page will do. */
export function pagePlanView(plan: PagePerson | PageService, options: ViewOptions): string {
  const { paint } = options;
  if (plan.kind === 'service') {
    const impact = plan.impact === null ? 'the impact that the plan sets' : `impact ${impactWord(plan.impact)}`;
    return [
      `Opens an incident for ${paint.strong(plain(plan.service))}: "${plain(plan.title)}", ${impact}, by the response plan ${plain(plan.plan)}.`,
      ringPlanView(plan.ring, null, options),
      ...(plan.otherPlans.length > 0
        ? [paint.dim(`Other response plans (choose with --plan): ${plan.otherPlans.map(plain).join(', ')}`)]
        : []),
    ].join('\n');
  }
  const { incident, openIncidents } = plan;
  const where = incident
    ? `Belongs to ${paint.strong(plain(incident.title))} ${paint.dim(shortId(incident.id))}.`
    : openIncidents > 1
      ? `Belongs to no incident: ${openIncidents} are open (choose one with -i).`
      : 'Belongs to no incident: none is open.';
  return [where, ringPlanView(plan.ring, plan.message, options)].join('\n');
}

export function pageQuestion(plan: PagePerson | PageService): string {
  return plan.kind === 'service'
    ? `Open the incident for ${plain(plan.service)}, and ring them now?`
    : ringQuestion(plan.ring);
}

/** That the incident is open, and who is being rung. */
export function openedView({ incident, pages, foundAfterDoubt }: Opened, ring: RingPlan, options: ViewOptions): string {
  const { paint } = options;
  const names = ring.targets.map(({ name }) => plain(name)).join(', ');
  return [
    `${paint.good(paint.sign.good)} Opened ${paint.strong(plain(incident.title))} ${paint.dim(shortId(incident.id))}. It is your current incident now.`,
    ...(foundAfterDoubt
      ? [`${paint.sign.bullet} The pager did not answer clearly; a look shows that it is open. Nothing was sent twice.`]
      : []),
    ...(pages.length > 0
      ? deliveryLines(pages, options)
      : [`${paint.warn(paint.sign.warn)} No page to ${names} has gone out yet.`]),
  ].join('\n');
}
