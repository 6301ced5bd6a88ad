import type { Pager } from '../clients/pager/pager.ts';
import type { Service } from '../config/config.ts';
import type { Roster } from '../incidents/roster.ts';
import { serviceOfPlan } from '../incidents/subject.ts';
import { type Flaw, failed, ok, type Seen, skipped, summed, warning } from './check.ts';

/** A stage in which no target is essential is not ended by an acknowledgement: the next one is rung all the same. */
export async function planWorks(pager: Pager, { plan }: Roster): Promise<Seen> {
  if (!plan) {
    return warning(
      'none; the schedule alone is paged, and nobody after it',
      'Set `escalation.plan` in oncall.yaml; `oncall config init --dry-run` shows the plans that there are.',
    );
  }
  const { stages } = await pager.contact(plan.alias);
  const empty = stages.flatMap(({ targets }, i) => (targets.length === 0 ? [i + 1] : []));
  if (stages.length === 0 || empty.length === stages.length) {
    return failed(
      `"${plan.alias}" pages nobody`,
      `Add people to it in the AWS console: Systems Manager, Incident Manager, Escalation plans, ${plan.alias}, Edit.`,
    );
  }
  const endless = stages.flatMap(({ targets }, i) =>
    targets.some((target) => target.kind === 'contact' && target.essential) ? [] : [i + 1],
  );
  if (endless.length > 0) {
    return warning(
      `"${plan.alias}": an acknowledgement does not end stage ${endless.join(', ')}, so the next people are rung all the same`,
      await pager.byHand({ kind: 'end-stages', contact: plan.alias }),
    );
  }
  return ok(
    `"${plan.alias}", ${stages.length} stage${stages.length === 1 ? '' : 's'}, each ended by an acknowledgement`,
  );
}

/** An alert without a response plan opens no incident, and one whose plan engages nobody rings nobody. */
export async function responsePlans(pager: Pager, services: readonly Service[], roster: Roster): Promise<Seen> {
  if (services.length === 0) return skipped('no services are configured');
  const names = await pager.responsePlans();
  const engages = roster.plan?.alias ?? roster.schedules[0]?.alias ?? null;
  const flaws = await Promise.all(
    services.map(async (service): Promise<Flaw[]> => {
      const own = names.filter((name) => serviceOfPlan(name, services)?.name === service.name);
      if (own.length === 0) return [await without(pager, service, engages)];
      const plans = await Promise.all(own.map((name) => pager.responsePlan(name)));
      const silent = plans.filter((plan) => plan.engages.length === 0);
      return Promise.all(silent.map(({ name }) => engagingNobody(pager, name, engages)));
    }),
  );
  return summed(flaws.flat(), `${names.length}; each service has one, and each pages somebody`);
}

async function without(pager: Pager, { name, responsePlan }: Service, engages: string | null): Promise<Flaw> {
  return {
    subject: name,
    words: `no response plan "${responsePlan}" or "${responsePlan}-…": its alerts open no incident and page nobody`,
    remedy: engages
      ? await pager.byHand({ kind: 'add-response-plan', name: responsePlan, title: `${name} is down`, engages })
      : 'Set `escalation.plan` in oncall.yaml first.',
    code: 'NOT_FOUND',
  };
}

async function engagingNobody(pager: Pager, name: string, engages: string | null): Promise<Flaw> {
  return {
    subject: name,
    words: 'this response plan pages nobody',
    remedy: engages
      ? await pager.byHand({ kind: 'engage-by-plan', name, engages })
      : 'Set `escalation.plan` in oncall.yaml first.',
    code: 'NOT_FOUND',
  };
}
