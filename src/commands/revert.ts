import { randomBytes } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, duration, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { callsText } from '../lib/deploys/api-call.ts';
import { HOLD_MS, holder } from '../lib/deploys/hold.ts';
import type { ViewOptions } from '../lib/deploys/view.ts';
import { carryOutRevert, type RevertEvent } from '../lib/recovery/revert.ts';
import {
  type RevertResult,
  revertFailure,
  revertNote,
  revertResult,
  startNote,
} from '../lib/recovery/revert-outcome.ts';
import { plannedCalls, planRevert } from '../lib/recovery/revert-plan.ts';
import { deliverNotes, lookAround, withService } from '../lib/recovery/revert-scope.ts';
import { eventWords, outcomeView, planView } from '../lib/recovery/revert-view.ts';
import { refuseWarnings } from '../lib/recovery/revert-warnings.ts';
import { plain } from '../lib/text/plain.ts';
import { formatDuration } from '../lib/text/time.ts';

const TEN_MINUTES = 600_000;

export default class Revert extends OncallCommand {
  static override summary = 'Put the last good version back, and prove that it helped';
  static override description =
    'Starts the service’s revert workflow once, holds further deploys, follows the run, and watches the alert’s own expression until it is quiet. A second call follows the run that is under way. Ctrl-C stops watching and leaves the run alone.';
  static override examples = [
    { description: 'The service of the open incident, to its last good version', command: '<%= config.bin %> revert' },
    { description: 'Only the plan and the exact calls', command: '<%= config.bin %> revert dolthubapi --dry-run' },
    { description: 'To another version', command: '<%= config.bin %> revert dolthubapi --to 9be01d7' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = { service: Args.string({ description: 'Service, by its name in oncall.yaml' }) };
  static override flags = {
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
    to: Flags.string({ summary: 'Commit to go back to; it must have succeeded in production', helpValue: 'SHA' }),
    reason: Flags.string({ summary: 'Why; default: the incident’s title', helpValue: 'TEXT' }),
    via: Flags.string({ summary: 'How to go back', options: ['workflow'], default: 'workflow' }),
    'accept-warnings': Flags.boolean({ summary: 'Go ahead in spite of the plan’s warnings; --yes alone does not' }),
    hold: Flags.boolean({ summary: 'Hold further deploys for 8 h', default: true, allowNo: true }),
    wait: Flags.boolean({ summary: 'Follow the run and watch the recovery', default: true, allowNo: true }),
    verify: duration({
      summary: 'Longest wait for the recovery',
      default: TEN_MINUTES,
      defaultHelp: async () => '10m',
    }),
  };

  async run(): Promise<RevertResult> {
    const { args, flags } = await this.parse(Revert);
    const context = this.open(flags);
    const named = { service: args.service, incident: flags.incident };
    const { scope: found, clients, services } = await lookAround(context, named, { patience: null });
    const scope = withService(found, services);
    const lastRuns = context.stateFile<Record<string, number>>('reverts');
    const plan = await planRevert({
      ...clients,
      scope,
      to: flags.to ?? null,
      reason: flags.reason ?? null,
      holdFor: flags.hold ? HOLD_MS : null,
      by: await holder(() => context.me(), clients.github),
      randomId: () => randomBytes(5).toString('hex'),
      lastRun: (await lastRuns.read())?.[scope.service.name] ?? null,
      now: context.now(),
    });
    for (const text of plan.cautions) this.caution(plain(text));
    this.say(planView(plan, this.#view(context)));
    if (flags['dry-run']) this.say(`\nIt would call:\n${callsText(plannedCalls(plan))}`);
    if (flags['dry-run'] || plan.nothing !== null) return revertResult(plan, null);
    if (plan.run) {
      refuseWarnings(plan.warnings, { yes: flags.yes, accepted: flags['accept-warnings'] });
      const { environment } = (await context.config()).connection;
      const question = `Revert ${plan.service} in ${environment}?`;
      await confirm(context.prompts, { yes: flags.yes, question, typed: plan.service });
    }
    const incident = scope.incident?.id ?? null;
    const tools = { ...clients, ...scope, signal: context.signal, follow: flags.wait, verifyFor: flags.verify };
    const clock = { now: () => context.now(), wait: (ms: number) => context.wait(ms) };
    const progress = this.progress();
    const onEvent = async (event: RevertEvent) => {
      const { line, moving } = eventWords(event, plan, this.#view(context));
      if (moving) progress.update(moving);
      if (line) progress.done();
      if (line) this.say(line);
      if (event.kind !== 'started') return;
      await lastRuns.tryUpdate((runs) => ({ ...runs, [plan.service]: event.run.id }));
      await this.record({ incident, timeline: startNote(plan), link: event.run.url });
    };
    const outcome = await carryOutRevert(plan, { ...tools, clock, onEvent }).finally(() => progress.done());
    for (const text of outcome.proof?.cautions ?? []) this.caution(plain(text));
    const ending = outcomeView(plan, outcome, this.#view(context));
    if (ending) this.say(ending);
    if (flags.wait) await this.record({ incident, timeline: revertNote(plan, outcome), link: outcome.run.url });
    const waiting = await deliverNotes(context, context.journal);
    if (waiting) this.caution(waiting);
    const failure = revertFailure(plan, outcome, formatDuration(flags.verify));
    if (failure) throw failure;
    return revertResult(plan, outcome);
  }

  #view(context: Context): ViewOptions {
    const { paint, width } = this.invocation.terminal;
    return { paint, zone: context.zone, now: context.now(), width };
  }
}
