import { randomBytes } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { approvalBy } from '../lib/cli/approval.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, duration, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { HOLD_MS, holder } from '../lib/deploys/hold.ts';
import type { RevertResult } from '../lib/recovery/revert-outcome.ts';
import { deliverNotes, lookAround, withService } from '../lib/recovery/revert-scope.ts';
import type { RollbackResult } from '../lib/recovery/rollback-view.ts';
import type { ApprovalFor, Teller } from '../lib/recovery/teller.ts';
import { walkRevert } from '../lib/recovery/walk-revert.ts';
import { walkRollback } from '../lib/recovery/walk-rollback.ts';

const TEN_MINUTES = 600_000;

export default class Revert extends OncallCommand {
  static override summary = 'Put the last good version back, and prove that it helped';
  static override description =
    'Starts the service’s revert workflow once, holds further deploys, follows the run, and watches the alert’s own expression until it is quiet. A second call follows the run that is under way. Ctrl-C stops watching and leaves the run alone.';
  static override examples = [
    { description: 'The service of the open incident, to its last good version', command: '<%= config.bin %> revert' },
    { description: 'Only the plan and the exact calls', command: '<%= config.bin %> revert dolthubapi --dry-run' },
    { description: 'GitHub is away', command: '<%= config.bin %> revert dolthubapi --via rollout' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = { service: Args.string({ description: 'Service, by its name in oncall.yaml' }) };
  static override flags = {
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
    to: Flags.string({ summary: 'Commit to go back to; it must have succeeded in production', helpValue: 'SHA' }),
    reason: Flags.string({ summary: 'Why; default: the incident’s title', helpValue: 'TEXT' }),
    via: Flags.string({
      summary: 'Start the workflow, or, when GitHub is away, put the revision back in the cluster itself',
      options: ['workflow', 'rollout'],
      default: 'workflow',
    }),
    approve: Flags.boolean({ summary: 'Approve the run’s environment, if you may' }),
    'accept-warnings': Flags.boolean({ summary: 'Go ahead in spite of the plan’s warnings; --yes alone does not' }),
    hold: Flags.boolean({ summary: 'Hold further deploys for 8 h', default: true, allowNo: true }),
    wait: Flags.boolean({ summary: 'Follow the run and watch the recovery', default: true, allowNo: true }),
    verify: duration({
      summary: 'Longest wait for the recovery',
      default: TEN_MINUTES,
      defaultHelp: async () => '10m',
    }),
  };

  async run(): Promise<RevertResult | RollbackResult> {
    const { args, flags } = await this.parse(Revert);
    const context = this.open(flags);
    const named = { service: args.service, incident: flags.incident };
    const { scope: found, clients, services } = await lookAround(context, named, { patience: null });
    const scope = withService(found, services);
    const lastRuns = context.stateFile<Record<string, number>>('reverts');
    const { name } = scope.service;
    const progress = this.progress();
    const { environment } = (await context.config()).connection;
    const clock = { now: () => context.now(), wait: (ms: number) => context.wait(ms) };
    const shared = {
      clients,
      answers: { yes: flags.yes, accepted: flags['accept-warnings'], dryRun: flags['dry-run'], environment },
      tools: { clock, signal: context.signal, follow: flags.wait, verifyFor: flags.verify },
    };
    const request = {
      ...{ scope, to: flags.to ?? null, reason: flags.reason ?? null, holdFor: flags.hold ? HOLD_MS : null },
      // Who holds is asked of the pager; while GitHub is away it is not asked in its place.
      by: await holder(() => context.me(), flags.via === 'rollout' ? null : clients.github),
      now: context.now(),
    };
    const teller = this.#teller(context, { progress, incident: scope.incident?.id ?? null });
    const approval: ApprovalFor = (comment) => approvalBy(context.prompts, { given: flags.approve, comment, progress });
    const walked =
      flags.via === 'rollout'
        ? walkRollback({ ...shared, request }, teller)
        : walkRevert(
            {
              ...{ ...shared, approval },
              request: {
                ...request,
                randomId: () => randomBytes(5).toString('hex'),
                lastRun: (await lastRuns.read())?.[name] ?? null,
              },
              remember: async (id) => void (await lastRuns.tryUpdate((runs) => ({ ...runs, [name]: id }))),
            },
            teller,
          );
    return walked.finally(() => this.#deliver(context));
  }

  #teller(context: Context, about: { progress: Teller['progress']; incident: string | null }): Teller {
    const { paint, width } = this.invocation.terminal;
    return {
      say: (text) => this.say(text),
      caution: (text) => this.caution(text),
      view: () => ({ paint, zone: context.zone, now: context.now(), width }),
      progress: about.progress,
      agree: (question, typed) => confirm(context.prompts, { yes: false, question, typed }),
      record: (note) => this.record({ incident: about.incident, ...note }),
    };
  }

  async #deliver(context: Context): Promise<void> {
    const waiting = await deliverNotes(context, context.journal);
    if (waiting) this.caution(waiting);
  }
}
