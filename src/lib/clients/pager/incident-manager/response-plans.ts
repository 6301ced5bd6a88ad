import { GetResponsePlanCommand, ListResponsePlansCommand } from '@aws-sdk/client-ssm-incidents';
import { unreadable } from './errors.ts';
import { everyPage } from './every-page.ts';
import type { Session } from './session.ts';

/** What a response plan calls its incidents, and whom it pages. @throws NOT_FOUND */
export async function getResponsePlan(session: Session, name: string) {
  const { line, names } = session;
  const arn = await names.planArn(name);
  const call = { action: 'ssm-incidents:GetResponsePlan', about: `response plan "${name}"` };
  const plan = await line.ask(call, (options) => line.incidents.send(new GetResponsePlanCommand({ arn }), options));
  if (!plan.name) throw unreadable(call);
  return {
    name: plan.name,
    title: plan.incidentTemplate?.title ?? '',
    engages: (plan.engagements ?? []).map((contact) => names.alias(contact) ?? contact),
  };
}

/** Names of all response plans. */
export async function listResponsePlans(session: Session): Promise<string[]> {
  const { line } = session;
  const plans = await everyPage<{ name: string | undefined }>(async (nextToken) => {
    const answer = await line.ask({ action: 'ssm-incidents:ListResponsePlans' }, (options) =>
      line.incidents.send(new ListResponsePlansCommand({ nextToken, maxResults: 100 }), options),
    );
    return { items: answer.responsePlanSummaries, next: answer.nextToken };
  });
  return plans.map(({ name }) => name ?? '');
}
