import type { Pager } from '../clients/pager/pager.ts';

export interface PagerFindings {
  plans: string[];
  schedules: string[];
  responsePlans: string[];
}

/** Escalation plans, schedules and response plans of the account. */
export async function lookIntoPager(pager: Pager): Promise<PagerFindings> {
  const [contacts, responsePlans] = await Promise.all([pager.contacts(), pager.responsePlans()]);
  const aliases = (wanted: string) => contacts.filter(({ kind }) => kind === wanted).map(({ alias }) => alias);
  return { plans: aliases('plan'), schedules: aliases('schedule'), responsePlans };
}

/** Whether a response plan is there for a service: of its name, or of its name and an alert's. */
export function isPlanned(service: string, responsePlans: readonly string[]): boolean {
  return responsePlans.some((plan) => plan === service || plan.startsWith(`${service}-`));
}
