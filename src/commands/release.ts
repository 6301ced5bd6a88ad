import * as Args from '@oclif/core/args';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import { dryRunFlag, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { callsText } from '../lib/deploys/api-call.ts';
import { planRelease, type ReleasePlan, theHeldService } from '../lib/deploys/change-hold.ts';
import { holder, removeHold } from '../lib/deploys/hold.ts';
import { releasedView, releasePlanView } from '../lib/deploys/hold-view.ts';
import { deliverNotes, lookAround } from '../lib/recovery/revert-scope.ts';
import { plain } from '../lib/text/plain.ts';

type Result = (ReleasePlan | { service: null; repository: null; hold: null; calls: [] }) & {
  outcome: 'released' | 'not held' | 'planned';
};

export default class Release extends OncallCommand {
  static override summary = 'Let deploys of a service go on after a hold';
  static override description =
    'Removes the Actions variable DEPLOY_HOLD of the service’s repository, and looks that it is gone. Without a service it takes the one of your open incident, or else the only one that is on hold.';
  static override examples = [
    { description: 'The service that is on hold', command: '<%= config.bin %> release' },
    { description: 'One by its name', command: '<%= config.bin %> release dolthubapi' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = { service: Args.string({ description: 'Service, by its name in oncall.yaml' }) };
  static override flags = { ...incidentFlag, ...yesFlag, ...dryRunFlag };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Release);
    const context = this.open(flags);
    const named = { service: args.service, incident: flags.incident };
    const { scope, clients, services } = await lookAround(context, named, { optional: true });
    for (const text of scope.cautions) this.caution(plain(text));
    const service = scope.service ?? (await theHeldService(clients.github, services));
    const { paint, width } = this.invocation.terminal;
    const view = { paint, zone: context.zone, now: context.now(), width };
    if (!service) {
      this.say(`${paint.good(paint.sign.good)} No service's deploys are on hold.`);
      return { service: null, repository: null, hold: null, calls: [], outcome: 'not held' };
    }
    const plan = await planRelease(clients.github, service);
    this.say(releasePlanView(plan, view));
    if (!plan.hold) return { ...plan, outcome: 'not held' };
    if (flags['dry-run']) {
      this.say(`\nIt would call:\n${callsText(plan.calls)}`);
      return { ...plan, outcome: 'planned' };
    }
    await confirm(context.prompts, { yes: flags.yes, question: `Let deploys of ${service.name} go on?` });
    await removeHold(clients.github, plan.repository);
    this.say(releasedView(plan, view));
    const timeline = `Released the hold on deploys of ${service.name}.`;
    // Who released it is a part of the record.
    await holder(() => context.me(), clients.github);
    await this.record({ incident: scope.incident?.id ?? null, timeline });
    const waiting = await deliverNotes(context, context.journal);
    if (waiting) this.caution(waiting);
    return { ...plan, outcome: 'released' };
  }
}
