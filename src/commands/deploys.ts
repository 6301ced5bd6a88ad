import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { recallingDesk } from '../lib/briefing/recalling-desk.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { duration, incidentFlag, waitFlag } from '../lib/cli/flags.ts';
import { type DeploysResult, listDeploys } from '../lib/deploys/list-deploys.ts';
import { deploysView } from '../lib/deploys/view.ts';
import { lookAround } from '../lib/recovery/revert-scope.ts';
import { plain } from '../lib/text/plain.ts';

const DAY = 86_400_000;

export default class Deploys extends OncallCommand {
  static override summary = 'Show what went out lately, and what went out just before the trouble';
  static override description =
    'Without a service it shows the one that your open incident is about, or else all of them. What runs now comes from the cluster; the history from GitHub’s deployments, else from workflow runs, else from the replica sets. A ★ says that a deploy is near the onset, not that it caused anything.';
  static override examples = [
    { description: 'The service of the open incident', command: '<%= config.bin %> deploys' },
    { description: 'One service over a week', command: '<%= config.bin %> deploys dolthubapi --since 7d' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = { service: Args.string({ description: 'Service, by its name in oncall.yaml' }) };
  static override flags = {
    ...incidentFlag,
    since: duration({
      summary: 'How far back; the last good deploy is shown in any case',
      default: DAY,
      defaultHelp: async () => '24h',
    }),
    ...waitFlag,
    limit: Flags.integer({ char: 'n', summary: 'Most deploys to show', helpValue: 'N', default: 10, min: 1, max: 100 }),
  };

  async run(): Promise<DeploysResult> {
    const { args, flags } = await this.parse(Deploys);
    const context = this.open(flags);
    const named = { service: args.service, incident: flags.incident };
    const memory = await context.memory();
    const { desk, recollection } = recallingDesk(context, memory);
    const { scope, clients, services } = await lookAround(desk, named, { patience: null, optional: true });
    const { result, cautions, trouble } = await listDeploys({
      ...clients,
      memory,
      services: scope.service ? [scope.service] : services,
      since: flags.since,
      patience: flags.wait,
      limit: flags.limit,
      onset: scope.onset,
      disturbances: scope.disturbances,
      now: context.now(),
    });
    const { paint, width } = this.invocation.terminal;
    const old = recollection.notice('The incident is');
    for (const text of [...(old ? [old] : []), ...scope.cautions, ...cautions]) this.caution(plain(text));
    this.say(deploysView(result, { paint, zone: context.zone, now: context.now(), width }));
    if (trouble) this.endWith(trouble);
    return result;
  }
}
