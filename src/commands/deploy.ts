import { randomBytes } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { approvalBy } from '../lib/cli/approval.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, duration, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { callsText } from '../lib/deploys/api-call.ts';
import { carryOutDeploy, type DeployEvent, deployFailure } from '../lib/deploys/carry-out-deploy.ts';
import { deployCalls, planDeploy, respectHold } from '../lib/deploys/deploy-plan.ts';
import { type DeployResult, deployResult } from '../lib/deploys/deploy-result.ts';
import {
  deployEventWords,
  deployNote,
  deployOutcomeView,
  deployPlanView,
  deployStartNote,
} from '../lib/deploys/deploy-view.ts';
import { holder } from '../lib/deploys/hold.ts';
import { heldBy } from '../lib/deploys/hold-view.ts';
import type { ViewOptions } from '../lib/deploys/view.ts';
import { deliverNotes, lookAround, withService } from '../lib/recovery/revert-scope.ts';
import { refuseWarnings } from '../lib/recovery/revert-warnings.ts';
import { PATIENCE } from '../lib/store/fallback.ts';
import { plain } from '../lib/text/plain.ts';

const TEN_MINUTES = 600_000;

export default class Deploy extends OncallCommand {
  static override summary = 'Deploy a commit of a service, respecting the hold, and see that the cluster runs it';
  static override description =
    'Starts the service’s deploy workflow once, follows the run, and looks what the cluster runs. While deploys are on hold it refuses; only --override-hold with a reason goes past, and is written down. A second call follows the run that is under way. Ctrl-C stops watching and leaves the run alone.';
  static override examples = [
    { description: 'The newest commit of the default branch', command: '<%= config.bin %> deploy dolthubapi' },
    { description: 'Only the plan and the exact call', command: '<%= config.bin %> deploy dolthubapi --dry-run' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = {
    service: Args.string({ description: 'Service, by its name in oncall.yaml', required: true }),
  };
  static override flags = {
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
    ref: Flags.string({ summary: 'What to deploy; default: the default branch', helpValue: 'BRANCH|TAG|SHA' }),
    reason: Flags.string({ summary: 'Why, for the run and the timeline', helpValue: 'TEXT' }),
    'override-hold': Flags.boolean({ summary: 'Deploy although deploys are on hold; needs --reason' }),
    'accept-warnings': Flags.boolean({ summary: 'Go ahead in spite of the plan’s warnings; --yes alone does not' }),
    approve: Flags.boolean({ summary: 'Approve the run’s environment, if you may' }),
    wait: Flags.boolean({ summary: 'Follow the run to its end', default: true, allowNo: true }),
    verify: duration({
      summary: 'Longest wait for the cluster after the run',
      default: TEN_MINUTES,
      defaultHelp: async () => '10m',
    }),
  };

  async run(): Promise<DeployResult> {
    const { args, flags } = await this.parse(Deploy);
    const context = this.open(flags);
    const named = { service: args.service, incident: flags.incident };
    const { scope: found, clients, services } = await lookAround(context, named, { patience: PATIENCE });
    const { service, incident, onset, disturbances, cautions } = withService(found, services);
    const lastRuns = context.stateFile<Record<string, number>>('deploys');
    const plan = await planDeploy({
      ...{ ...clients, service, onset, disturbances },
      ...{ ref: flags.ref ?? null, reason: flags.reason ?? null, override: flags['override-hold'] },
      incident: incident?.title ?? null,
      by: await holder(() => context.me(), clients.github),
      randomId: () => randomBytes(5).toString('hex'),
      lastRun: (await lastRuns.read())?.[service.name] ?? null,
      now: context.now(),
    });
    const view = this.#view(context);
    for (const text of [...cautions, ...plan.cautions]) this.caution(plain(text));
    this.say(deployPlanView(plan, view));
    const holdWords = plan.hold ? heldBy(plan.hold, view) : '';
    respectHold(plan, { override: flags['override-hold'], reason: flags.reason !== undefined, holdWords });
    if (flags['dry-run'] && plan.run) this.say(`\nIt would call:\n${callsText(deployCalls(plan))}`);
    if (flags['dry-run'] || plan.nothing !== null) return deployResult(plan, null);
    if (plan.run) {
      refuseWarnings(plan.warnings, { yes: flags.yes, accepted: flags['accept-warnings'] });
      const { environment } = (await context.config()).connection;
      const question = `Deploy ${plan.service} in ${environment}?`;
      await confirm(context.prompts, { yes: flags.yes, question, typed: plan.service });
    }
    const progress = this.progress();
    const onEvent = async (event: DeployEvent) => {
      const { line, moving } = deployEventWords(event, plan, this.#view(context));
      if (moving) progress.update(moving);
      if (line) progress.done();
      if (line) this.say(line);
      if (event.kind !== 'started') return;
      await lastRuns.tryUpdate((runs) => ({ ...runs, [plan.service]: event.run.id }));
      await this.record({ incident: incident?.id ?? null, timeline: deployStartNote(plan), link: event.run.url });
    };
    const outcome = await carryOutDeploy(plan, {
      ...{ ...clients, target: service.target, follow: flags.wait, verifyFor: flags.verify, onEvent },
      clock: { now: () => context.now(), wait: (ms) => context.wait(ms) },
      approval: approvalBy(context.prompts, { given: flags.approve, comment: plan.reason, progress }),
    }).finally(() => progress.done());
    for (const text of outcome.cautions) this.caution(plain(text));
    const ending = deployOutcomeView(plan, outcome, this.#view(context));
    if (ending) this.say(ending);
    const note = { timeline: deployNote(plan, outcome), link: outcome.run.url };
    if (flags.wait) await this.record({ incident: incident?.id ?? null, ...note });
    const waiting = await deliverNotes(context, context.journal);
    if (waiting) this.caution(waiting);
    const failure = deployFailure(plan, outcome, flags.verify);
    if (failure) throw failure;
    return deployResult(plan, outcome);
  }

  #view(context: Context): ViewOptions {
    const { paint, width } = this.invocation.terminal;
    return { paint, zone: context.zone, now: context.now(), width };
  }
}
