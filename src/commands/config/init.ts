import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import type { Context } from '../../lib/cli/context.ts';
import { discoveryClients } from '../../lib/cli/discovery-clients.ts';
import { dryRunFlag } from '../../lib/cli/flags.ts';
import * as newConfig from '../../lib/cli/new-config.ts';
import { draftServices } from '../../lib/discovery/answers.ts';
import { discover } from '../../lib/discovery/discover.ts';
import type { Discovery } from '../../lib/discovery/discovery.ts';
import { discoveryView } from '../../lib/discovery/view.ts';
import { plain } from '../../lib/text/plain.ts';

interface Written {
  path: string;
  written: boolean;
  services: string[];
  sources: Discovery['sources'];
  text: string;
}

const text = (summary: string, helpValue: string) => Flags.string({ summary, helpValue });

export default class ConfigInit extends OncallCommand {
  static override summary = 'Write an oncall.yaml for your team';
  static override description =
    'Finds what it can (services of the cluster, their repositories and workflows, what Prometheus scrapes, plans and schedules of Incident Manager), shows what was found where, and asks only for the rest. Each place has 3 s and may be missing; nothing is changed there. A flag comes before what was found.';
  static override examples = [
    { description: 'In the repository that the team shares', command: '<%= config.bin %> config init' },
    {
      description: 'Without questions',
      command:
        '<%= config.bin %> config init --no-input --service api --service web --prometheus https://prometheus.example.com',
    },
  ];
  static override exitCodes = [8];
  static override flags = {
    service: Flags.string({ summary: 'Name of a service; repeat it for more', helpValue: 'NAME', multiple: true }),
    repository: Flags.string({
      summary: 'GitHub repository of the services; repeated, one for each service in the same order',
      helpValue: 'OWNER/NAME',
      multiple: true,
    }),
    team: text('Name of the team', 'NAME'),
    plan: text('Alias of the escalation plan in Incident Manager', 'ALIAS'),
    schedule: text('Alias of the on-call schedule', 'ALIAS'),
    region: text('AWS region of Incident Manager', 'REGION'),
    profile: text('AWS profile that everybody in the team has', 'NAME'),
    context: text('Context of the kubeconfig', 'NAME'),
    namespace: text('Kubernetes namespace of the services', 'NAME'),
    prometheus: text('Address of Prometheus', 'URL'),
    alertmanager: text('Address of Alertmanager', 'URL'),
    offline: Flags.boolean({ summary: 'Ask no server; take only what this machine says' }),
    practice: Flags.boolean({
      summary: 'Look into the practice world of this shell, for a file that works only there',
    }),
    force: Flags.boolean({ summary: 'Replace a file that is there already' }),
    ...dryRunFlag,
  };

  async run(): Promise<Written> {
    const { flags } = await this.parse(ConfigInit);
    const context = this.open(flags);
    const { paint, width, errorPaint } = this.invocation.terminal;
    const path = newConfig.newConfigPath(context);
    if (!flags.force && !flags['dry-run']) await newConfig.refuseToOverwrite(path);
    const around = await newConfig.lookForSettings(context, flags.practice);
    const { service, repository, team, profile, offline, 'dry-run': dryRun } = flags;
    for (const remark of newConfig.practiceRemarks(context, around)) this.caution(remark);
    const known = newConfig.withFlags(around, flags);
    const found = await this.#discover(context, known, { named: service ?? null, offline, profile: profile ?? null });
    if (!offline) this.tell(discoveryView(found, { paint: errorPaint, width }));
    const names = await newConfig.servicesToName(context, service, { ...around, found: found.services });
    const namespace = flags.namespace ?? found.namespace ?? around.namespace;
    const answers = {
      ...(flags.practice ? { world: 'sandbox' as const } : {}),
      services: draftServices(newConfig.withRepositories(names, repository, around.repository), found, namespace),
      team: team ?? null,
      plan: flags.plan ?? found.plan,
      schedule: flags.schedule ?? found.schedule,
      region: known.region,
      profile: profile ?? null,
      endpoint: around.endpoint,
      kubeconfig: around.kubeconfig,
      context: known.context,
      namespace,
      prometheus: known.prometheus ?? (await newConfig.askForPrometheus(context.prompts)),
      alertmanager: flags.alertmanager ?? around.alertmanager ?? found.alertmanager,
      githubApi: around.githubApi,
    };
    const content = await newConfig.draft(answers, path);
    if (dryRun) this.say(content.trimEnd());
    else await newConfig.saveConfig(path, content);
    const result = { path, written: !dryRun, services: names, sources: found.sources, text: content };
    if (dryRun) return result;
    const wrote = `${paint.good(paint.sign.good)} Wrote ${plain(path)}, for ${names.map(plain).join(', ')}.`;
    this.say(`${wrote}\nRead it through, add what it could not know, and check it in.`);
    const inForce = await newConfig.configInForce(context);
    const option = inForce === path ? '' : ` --config ${plain(path)}`;
    if (option) this.caution(`Commands here read ${inForce ? plain(inForce) : 'no file'} unless you pass${option}.`);
    this.say(`${paint.sign.next} next: ${paint.command(`oncall doctor${option}`)}`);
    return result;
  }

  async #discover(
    context: Context,
    around: newConfig.Surroundings,
    { named, offline, profile }: { named: string[] | null; offline: boolean; profile: string | null },
  ): Promise<Discovery> {
    const over = new AbortController();
    const none = { kubernetes: null, prometheus: null, pager: null, github: null };
    const clients = offline ? none : discoveryClients(context, around, { signal: over.signal, profile });
    const textBeside = (file: string) => newConfig.textInDirectory(context, file);
    const progress = this.progress();
    if (this.invocation.terminal.errorIsTty && !offline) progress.update('Looking at every place, at most 3 s each …');
    return discover({ ...around, ...clients, named, textBeside }).finally(() => {
      progress.done();
      over.abort();
    });
  }
}
