import { randomUUID } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import type { Impact, Incident, Pager } from '../lib/clients/pager/pager.ts';
import { shortId } from '../lib/incidents/choose-incident.ts';
import { deliverJournal, pendingNotice } from '../lib/incidents/deliver-journal.ts';
import { unproven } from '../lib/incidents/escalate-view.ts';
import { type Opened, openIncident } from '../lib/incidents/open-incident.ts';
import { type PagePerson, type PageService, planPage } from '../lib/incidents/page.ts';
import { openedView, pagePlanView, pageQuestion } from '../lib/incidents/page-view.ts';
import { nobody } from '../lib/incidents/people.ts';
import { callsView, openCalls, type PlannedCall, ringCalls } from '../lib/incidents/planned-calls.ts';
import { refuseToNag } from '../lib/incidents/ring.ts';
import { type RingResult, ringAndProve } from '../lib/incidents/ring-and-prove.ts';
import { ringResultView } from '../lib/incidents/ring-view.ts';

type Done = RingResult | Opened;
type Result = { dryRun: boolean; calls: PlannedCall[]; plan: PagePerson | PageService; done: Done | null };

export default class Page extends OncallCommand {
  static override summary = 'Page a person, a rota, or whoever answers for a service';
  static override description =
    'A person, schedule or escalation plan is rung directly; if exactly one incident is open, the page belongs to it. The name of a service opens an incident by its response plan, which rings whom that plan names.';
  static override examples = [
    { description: 'Ring Ana', command: '<%= config.bin %> page ana "can you look at the login errors?"' },
    { description: 'Open an incident', command: '<%= config.bin %> page dolthubapi "uploads hang" --impact 2' },
    { description: 'Test your own phone', command: '<%= config.bin %> page sam "a test"' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = {
    who: Args.string({
      required: true,
      description: 'Person, schedule or plan (alias, or a part of the name); or a service',
    }),
    why: Args.string({ required: true, description: 'Why, in words that they will be told' }),
  };
  static override flags = {
    impact: Flags.integer({ summary: 'For a service: 1 critical, 2 high, 3 medium, 4 low, 5 none', min: 1, max: 5 }),
    plan: Flags.string({ summary: 'For a service: the response plan to use', helpValue: 'NAME' }),
    again: Flags.boolean({ summary: 'Ring also somebody who was rung a moment ago' }),
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Page);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const view = () => ({ paint, zone: context.zone, now: context.now() });
    const [config, pager, me] = await Promise.all([context.config(), context.pager(), context.me().catch(nobody)]);
    const plan = await planPage({
      pager,
      ...args,
      me,
      ref: flags.incident ?? null,
      plan: flags.plan ?? null,
      impact: (flags.impact as Impact | undefined) ?? null,
      services: config.services,
      journalOf: (incident) => context.journal.entries({ incident }),
      now: context.now(),
      clean: (text) => context.redactor.clean(text),
    });
    const calls =
      plan.kind === 'service' ? openCalls(plan) : ringCalls(plan.ring, plan.message, plan.incident?.id ?? null);
    if (flags.yes && !flags.again && !flags['dry-run']) refuseToNag(plan.ring, context.now());
    this.say(pagePlanView(plan, view()));
    if (flags['dry-run']) {
      this.say(callsView(calls, { paint }));
      return { dryRun: true, calls, plan, done: null };
    }
    await confirm(context.prompts, { yes: flags.yes, question: pageQuestion(plan) });
    const done =
      plan.kind === 'service'
        ? await this.#open(context, pager, plan)
        : await this.#ring(context, pager, plan, args.why);
    const waiting = pendingNotice(await deliverJournal(context.journal, pager));
    if (waiting) this.caution(waiting);
    const incident = 'incident' in done ? done.incident.id : plan.kind === 'person' ? plan.incident?.id : null;
    this.say('incident' in done ? openedView(done, plan.ring, view()) : ringResultView(done, view()));
    if (!done.proven) throw unproven(plan.ring, incident ? shortId(incident) : null);
    this.say(`${paint.sign.next} next: ${paint.command(incident ? 'oncall incident show' : 'oncall who')}`);
    return { dryRun: false, calls, plan, done };
  }

  #ring(context: Context, pager: Pager, plan: PagePerson, why: string): Promise<RingResult> {
    const incidentId = plan.incident?.id ?? null;
    const names = plan.ring.targets.map(({ name }) => name).join(', ');
    const { ring, message, known } = plan;
    const progress = this.progress();
    return ringAndProve({
      ...{ pager, plan: ring, message, incidentId, known, token: randomUUID(), clock: context },
      onAccepted: () => this.record({ incident: incidentId, timeline: incidentId && `Paged ${names}: ${why}` }),
      progress: (text) => progress.update(text),
    }).finally(() => progress.done());
  }

  #open(context: Context, pager: Pager, plan: PageService): Promise<Opened> {
    const progress = this.progress();
    const onAccepted = async (incident: Incident) => {
      await context.focusOn(incident);
      await this.record({ incident: incident.id, timeline: `Opened by hand for ${plan.service}.` });
    };
    const told = { onAccepted, progress: (text: string) => progress.update(text) };
    return openIncident({ pager, plan, token: randomUUID(), clock: context, ...told }).finally(() => progress.done());
  }
}
