import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import type { Context } from '../../lib/cli/context.ts';
import { dryRunFlag } from '../../lib/cli/flags.ts';
import {
  configInForce,
  draft,
  lookForSettings,
  newConfigPath,
  refuseToOverwrite,
  type Surroundings,
  saveConfig,
  withRepositories,
} from '../../lib/cli/new-config.ts';
import { OncallError } from '../../lib/errors.ts';
import { plain } from '../../lib/text/plain.ts';

interface Written {
  path: string;
  written: boolean;
  services: string[];
  text: string;
}

export default class ConfigInit extends OncallCommand {
  static override summary = 'Write an oncall.yaml for your team';
  static override description =
    'Takes what it can find by itself (the git remote, the current kube context and namespace, the AWS region of the shell), asks for the rest, and writes the file only when it is valid. Everything can be given by a flag.';
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
    team: Flags.string({ summary: 'Name of the team', helpValue: 'NAME' }),
    plan: Flags.string({ summary: 'Alias of the escalation plan in Incident Manager', helpValue: 'ALIAS' }),
    schedule: Flags.string({ summary: 'Alias of the on-call schedule', helpValue: 'ALIAS' }),
    region: Flags.string({ summary: 'AWS region of Incident Manager', helpValue: 'REGION' }),
    profile: Flags.string({ summary: 'AWS profile that everybody in the team has', helpValue: 'NAME' }),
    context: Flags.string({ summary: 'Context of the kubeconfig', helpValue: 'NAME' }),
    namespace: Flags.string({ summary: 'Kubernetes namespace of the services', helpValue: 'NAME' }),
    prometheus: Flags.string({ summary: 'Address of Prometheus', helpValue: 'URL' }),
    alertmanager: Flags.string({ summary: 'Address of Alertmanager', helpValue: 'URL' }),
    force: Flags.boolean({ summary: 'Replace a file that is there already' }),
    ...dryRunFlag,
  };

  async run(): Promise<Written> {
    const { flags } = await this.parse(ConfigInit);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const path = newConfigPath(context);
    if (!flags.force && !flags['dry-run']) await refuseToOverwrite(path);
    const found = await lookForSettings(context);
    const names = await servicesToName(context, flags.service, found);
    const prometheus = flags.prometheus ?? (await askForPrometheus(context));
    const answers = {
      services: withRepositories(names, flags.repository, found.repository),
      team: flags.team ?? null,
      plan: flags.plan ?? null,
      schedule: flags.schedule ?? null,
      region: flags.region ?? found.region,
      profile: flags.profile ?? null,
      context: flags.context ?? found.context,
      namespace: flags.namespace ?? found.namespace,
      prometheus,
      alertmanager: flags.alertmanager ?? null,
    };
    const text = await draft(answers, path);
    if (flags['dry-run']) this.say(text.trimEnd());
    else await saveConfig(path, text);
    const result = { path, written: !flags['dry-run'], services: names, text };
    if (!result.written) return result;
    this.say(`${paint.good(paint.sign.good)} Wrote ${plain(path)}, for ${names.map(plain).join(', ')}.`);
    this.say('Add `queries`, `runbook` and `dependsOn` to each service when you know them, and check the file in.');
    const inForce = await configInForce(context);
    const option = inForce === path ? '' : ` --config ${plain(path)}`;
    if (option) this.caution(`Commands here read ${inForce ? plain(inForce) : 'no file'} unless you pass${option}.`);
    this.say(`${paint.sign.next} next: ${paint.command(`oncall doctor${option}`)}`);
    return result;
  }
}

async function servicesToName(
  { prompts }: Context,
  given: readonly string[] | undefined,
  { repository }: Surroundings,
): Promise<string[]> {
  const guess = repository?.split('/')[1];
  const typed =
    given ?? (prompts.possible ? (await prompts.input('Services, separated by spaces:', guess)).split(/[\s,]+/) : []);
  const names = [...new Set(typed.map((name) => name.trim()).filter(Boolean))];
  if (names.length > 0) return names;
  throw new OncallError('It is not clear which services the team runs.', {
    code: 'USAGE',
    hint: `Name each with --service, for example: oncall config init --service ${guess ?? 'api'}`,
  });
}

async function askForPrometheus({ prompts }: Context): Promise<string | null> {
  if (!prompts.possible) return null;
  return (await prompts.input('Address of Prometheus (Enter for none):')).trim() || null;
}
