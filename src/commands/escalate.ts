import { randomUUID } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import { dryRunFlag, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { OncallError } from '../lib/errors.ts';
import { requireIncident, shortId } from '../lib/incidents/choose-incident.ts';
import { deliverJournal, pendingNotice } from '../lib/incidents/deliver-journal.ts';
import { type Escalation, planEscalation } from '../lib/incidents/escalate.ts';
import { escalationView, unproven } from '../lib/incidents/escalate-view.ts';
import { nobody } from '../lib/incidents/people.ts';
import { callsView, type PlannedCall, ringCalls } from '../lib/incidents/planned-calls.ts';
import { refuseToNag } from '../lib/incidents/ring.ts';
import { type RingResult, ringAndProve } from '../lib/incidents/ring-and-prove.ts';
import { ringQuestion, ringResultView } from '../lib/incidents/ring-view.ts';

type Result = { dryRun: boolean; calls: PlannedCall[]; plan: Escalation; done: RingResult | null };

export default class Escalate extends OncallCommand {
  static override summary = 'Ring somebody else as well: the next responder, or whom you name';
  static override description =
    'Says first who will be rung, by what and when, and what they will be told: what is known and what was tried. Whoever the escalation plan would ring again by its own clock is not rung twice: the plan is stopped, and it says so. You stay on the incident.';
  static override examples = [
    { description: 'Ring the next responder', command: '<%= config.bin %> escalate' },
    { description: 'Ring Ana, and say why', command: '<%= config.bin %> escalate ana --reason "the revert failed"' },
    { description: 'See what it would do', command: '<%= config.bin %> escalate --dry-run' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = {
    person: Args.string({ description: 'Person, schedule or plan: its alias, or a part of the name' }),
  };
  static override flags = {
    reason: Flags.string({ char: 'r', summary: 'Why, in words that they will be told', helpValue: 'TEXT' }),
    again: Flags.boolean({ summary: 'Ring also somebody who was rung a moment ago' }),
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Escalate);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const view = () => ({ paint, zone: context.zone, now: context.now() });
    const [config, pager, me] = await Promise.all([context.config(), context.pager(), context.me().catch(nobody)]);
    const current = await context.currentIncident();
    const { incident } = await requireIncident(pager, flags.incident ?? null, current?.id ?? null);
    if (incident.status === 'resolved') throw isOver(incident.id);
    const plan = await planEscalation({
      pager,
      incident,
      me,
      who: args.person ?? null,
      reason: flags.reason ?? null,
      journal: await context.journal.entries({ incident: incident.id }),
      services: config.services,
      defaultPlan: config.escalation.plan,
      now: context.now(),
      clean: (text) => context.redactor.clean(text),
    });
    const calls = ringCalls(plan.ring, plan.message, incident.id);
    if (flags.yes && !flags.again && !flags['dry-run']) refuseToNag(plan.ring, context.now());
    this.say(escalationView(plan, view()));
    if (flags['dry-run']) {
      this.say(callsView(calls, { paint }));
      return { dryRun: true, calls, plan, done: null };
    }
    await confirm(context.prompts, { yes: flags.yes, question: ringQuestion(plan.ring) });
    const progress = this.progress();
    const done = await ringAndProve({
      pager,
      plan: plan.ring,
      message: plan.message,
      incidentId: incident.id,
      known: plan.known,
      token: randomUUID(),
      clock: context,
      onAccepted: () => this.record({ incident: incident.id, timeline: timelineOf(plan, flags.reason) }),
      progress: (text) => progress.update(text),
    }).finally(() => progress.done());
    await context.focusOn(incident);
    const waiting = pendingNotice(await deliverJournal(context.journal, pager));
    if (waiting) this.caution(waiting);
    this.say(ringResultView(done, view()));
    if (!done.proven) throw unproven(plan.ring, shortId(incident.id));
    this.say(`${paint.sign.next} next: ${paint.command('oncall incident show')} tells when they have answered`);
    return { dryRun: false, calls, plan, done };
  }
}

function timelineOf({ ring }: Escalation, reason: string | undefined): string {
  const names = ring.targets.map(({ name }) => name).join(', ');
  return `Escalated to ${names}${reason ? `: ${reason}` : '.'}`;
}

function isOver(id: string): OncallError {
  return new OncallError('That incident is resolved: nobody is woken for it.', {
    code: 'REFUSED',
    hint: `Look at it with \`oncall incident show ${shortId(id)}\`, or page somebody with \`oncall page PERSON "why"\`.`,
  });
}
