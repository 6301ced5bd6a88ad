import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import { dryRunFlag, duration, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { callsText } from '../lib/deploys/api-call.ts';
import { type HoldPlan, planHold } from '../lib/deploys/change-hold.ts';
import { HOLD_MS, holder, setHold } from '../lib/deploys/hold.ts';
import { heldView, holdNote, holdPlanView } from '../lib/deploys/hold-view.ts';
import { OncallError } from '../lib/errors.ts';
import { shortId } from '../lib/incidents/choose-incident.ts';
import { deliverNotes, lookAround, withService } from '../lib/recovery/revert-scope.ts';
import { plain } from '../lib/text/plain.ts';

export default class Hold extends OncallCommand {
  static override summary = 'Hold deploys of a service, so that a reverted change does not go out again';
  static override description =
    'Sets the Actions variable DEPLOY_HOLD of the service’s repository, with the reason, the owner and the end, and reads it back. A deploy workflow that reads it stops; otherwise the hold is advisory, and says so. It counts until somebody releases it.';
  static override examples = [
    { description: 'The service of the open incident', command: '<%= config.bin %> hold' },
    {
      description: 'Before a migration',
      command: '<%= config.bin %> hold dolthubapi --reason "index is being built" --for 2h',
    },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = { service: Args.string({ description: 'Service, by its name in oncall.yaml' }) };
  static override flags = {
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
    reason: Flags.string({ summary: 'Why; default: the incident’s title', helpValue: 'TEXT' }),
    for: duration({ summary: 'How long it is meant to last', default: HOLD_MS, defaultHelp: async () => '8h' }),
  };

  async run(): Promise<HoldPlan & { outcome: 'held' | 'planned' }> {
    const { args, flags } = await this.parse(Hold);
    const context = this.open(flags);
    const named = { service: args.service, incident: flags.incident };
    const around = await lookAround(context, named, {});
    const { service, incident, cautions } = withService(around.scope, around.services);
    const { github } = around.clients;
    const reason = flags.reason ?? (incident ? plain(`${incident.title} (${shortId(incident.id)})`) : null);
    if (!reason) {
      throw new OncallError('A hold needs a reason, which the others will see.', {
        code: 'USAGE',
        hint: `Say it: \`oncall hold ${service.name} --reason "…"\``,
      });
    }
    const by = await holder(() => context.me(), github);
    const plan = await planHold(github, service, { reason, by, now: context.now(), for: flags.for });
    const { paint, width } = this.invocation.terminal;
    const view = { paint, zone: context.zone, now: context.now(), width };
    for (const text of cautions) this.caution(plain(text));
    this.say(holdPlanView(plan, view));
    if (flags['dry-run']) {
      this.say(`\nIt would call:\n${callsText(plan.calls)}`);
      return { ...plan, outcome: 'planned' };
    }
    const question = plan.previous ? 'Replace that hold?' : `Hold deploys of ${service.name}?`;
    await confirm(context.prompts, { yes: flags.yes, question });
    await setHold(github, plan.repository, plan.hold);
    this.say(heldView(plan, view));
    await this.record({ incident: incident?.id ?? null, timeline: holdNote(plan) });
    const waiting = await deliverNotes(context, context.journal);
    if (waiting) this.caution(waiting);
    return { ...plan, outcome: 'held' };
  }
}
