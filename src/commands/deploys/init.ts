import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { confirm } from '../../lib/cli/confirm.ts';
import type { Context } from '../../lib/cli/context.ts';
import { dryRunFlag, yesFlag } from '../../lib/cli/flags.ts';
import type { Service } from '../../lib/config/config.ts';
import { callsText } from '../../lib/deploys/api-call.ts';
import { carryOutInit } from '../../lib/deploys/carry-out-init.ts';
import { workflowFacts } from '../../lib/deploys/init-facts.ts';
import { initCalls, type PlannedFile, planInit, pullBody, workflowFiles } from '../../lib/deploys/init-plan.ts';
import { filesView, initDoneView, initPlanView } from '../../lib/deploys/init-view.ts';
import { repositoryOf } from '../../lib/deploys/repository.ts';
import type { Login } from '../../lib/deploys/workflow-templates.ts';
import { planFilesIn, replaceConsent, writeFilesIn } from '../../lib/deploys/write-files.ts';
import { plain } from '../../lib/text/plain.ts';

interface Result {
  service: string;
  repository: string | null;
  files: Pick<PlannedFile, 'path' | 'text' | 'change'>[];
  outcome: 'nothing to do' | 'planned' | 'opened' | 'updated' | 'written';
  pull: { number: number; url: string } | null;
}

export default class DeploysInit extends OncallCommand {
  static override summary = 'Propose the deploy and revert workflows of a service, as a pull request';
  static override description =
    'Writes two workflows: they take the commit as an input, carry a mark in their title by which the run is found, record a deployment, share one queue, and the deploy stops while deploys are on hold. How to sign in to the cluster is yours to say; what is left open fails until it is filled in.';
  static override examples = [
    {
      description: 'Show them, ask, open a pull request',
      command: '<%= config.bin %> deploys init dolthubapi --login eks',
    },
    { description: 'Only write the files', command: '<%= config.bin %> deploys init dolthubapi --out .' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = { service: Args.string({ description: 'Service, by its name in oncall.yaml' }) };
  static override flags = {
    ...yesFlag,
    ...dryRunFlag,
    image: Flags.string({ summary: 'Image with {sha} or {sha7}; default: as it runs now', helpValue: 'PATTERN' }),
    container: Flags.string({ summary: 'Container that gets the image; default: the first one', helpValue: 'NAME' }),
    login: Flags.string({ summary: 'How to sign in', options: ['eks', 'gke', 'custom'], default: 'custom' }),
    approval: Flags.string({ summary: 'Environment whose reviewers must agree first', helpValue: 'NAME' }),
    queue: Flags.boolean({ summary: 'Let runs wait in a queue; older servers lack it', default: true, allowNo: true }),
    replace: Flags.boolean({ summary: 'Replace files that are there and differ; --yes alone does not' }),
    out: Flags.string({ summary: 'Write the files below this directory, and open nothing', helpValue: 'DIR' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(DeploysInit);
    const context = this.open(flags);
    const service = await context.theService(args.service);
    const kubernetes = await context.ifConfigured(context.kubernetes());
    const { facts, assumed } = await workflowFacts({
      ...{ service, kubernetes, login: flags.login as Login, queue: flags.queue },
      ...{ image: flags.image ?? null, container: flags.container ?? null, approval: flags.approval ?? null },
    });
    for (const text of assumed) this.caution(plain(text));
    const files = workflowFiles(service, facts);
    const consent = { yes: flags.yes, replace: flags.replace };
    if (flags.out !== undefined)
      return this.#write(context, service, { files, consent, out: flags.out, dry: flags['dry-run'] });
    const github = await context.github();
    const repository = repositoryOf(service);
    const plan = await planInit(github, { service: service.name, repository, files });
    const body = pullBody(plan, facts.login);
    this.say(initPlanView(plan, this.invocation.terminal));
    if (flags['dry-run'] && plan.nothing === null) this.say(`\nIt would call:\n${callsText(initCalls(plan, body))}`);
    const result = { service: service.name, repository, files: plan.files, pull: plan.pull };
    if (plan.nothing !== null) return { ...result, outcome: 'nothing to do' };
    if (flags['dry-run']) return { ...result, outcome: 'planned' };
    await this.#agree(context, plan.files, { ...consent, question: `Open this pull request in ${repository}?` });
    const pull = await carryOutInit(github, plan, body);
    const updated = plan.pull !== null;
    this.say(initDoneView(plan, { pull, updated }, this.invocation.terminal));
    await this.record({ incident: null, link: pull.url });
    return { ...result, pull, outcome: updated ? 'updated' : 'opened' };
  }

  async #write(
    context: Context,
    service: Service,
    how: {
      files: { path: string; text: string }[];
      consent: { yes: boolean; replace: boolean };
      out: string;
      dry: boolean;
    },
  ): Promise<Result> {
    const directory = context.pathFrom(how.out);
    const files = await planFilesIn(directory, how.files);
    const { paint } = this.invocation.terminal;
    this.say(filesView(files, { paint }));
    const result = { service: service.name, repository: service.repository, files, pull: null };
    if (files.every(({ change }) => change === 'same')) return { ...result, outcome: 'nothing to do' };
    if (how.dry) return { ...result, outcome: 'planned' };
    await this.#agree(context, files, { ...how.consent, question: `Write them below ${directory}?` });
    await writeFilesIn(directory, files);
    this.say(`${paint.good(paint.sign.good)} Written below ${directory}.`);
    return { ...result, outcome: 'written' };
  }

  async #agree(context: Context, files: PlannedFile[], how: { yes: boolean; replace: boolean; question: string }) {
    replaceConsent(files, { ...how, asked: context.prompts.possible && !how.yes });
    await confirm(context.prompts, { yes: how.yes, question: how.question });
  }
}
