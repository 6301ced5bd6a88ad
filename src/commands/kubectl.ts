import * as Args from '@oclif/core/args';
import type { Config as OclifConfig } from '@oclif/core/config';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import type { Service } from '../lib/config/config.ts';
import { OncallError } from '../lib/errors.ts';
import { requireIncident } from '../lib/incidents/choose-incident.ts';
import { findSubject } from '../lib/incidents/subject.ts';
import { type Judgement, judge } from '../lib/kubectl/judge.ts';
import { type Call, type KubectlResult, prepareCall, runCall } from '../lib/kubectl/run-call.ts';
import { flagNames, type SplitWords, serviceOf, splitWords } from '../lib/kubectl/split-words.ts';
import { headerView, journalWords, nextView, planView, unselectedView, writeNote } from '../lib/kubectl/view.ts';
import { deliverNotes } from '../lib/recovery/revert-scope.ts';

export default class Kubectl extends OncallCommand {
  static override summary = 'Run kubectl on a service: signed in, in its context and namespace';
  static override description =
    'What only reads runs at once. Everything that can change something, and whatever shows Secrets, needs --write and asks first. Flags that choose another cluster or identity are refused. What stands after -- is kubectl’s; -- may be left out where kubectl’s command follows the service. The journal keeps kubectl’s command, never its arguments.';
  static override usage = 'kubectl [SERVICE] [FLAGS] -- KUBECTL-COMMAND…';
  static override examples = [
    { description: 'The pods of the namespace', command: '<%= config.bin %> kubectl dolthubapi -- get pods -o wide' },
    { description: 'The same, typed shorter', command: '<%= config.bin %> kubectl dolthubapi get pods -o wide' },
    {
      description: 'The service of the open incident',
      command: '<%= config.bin %> kubectl -- describe deployment dolthubapi',
    },
    {
      description: 'A shell in a pod',
      command: '<%= config.bin %> kubectl dolthubapi --write -- exec -it deploy/dolthubapi -- sh',
    },
  ];
  static override exitCodes = [3, 4, 5, 6, 8];
  static override args = { service: Args.string({ description: 'Service; default: that of the open incident' }) };
  static override flags = {
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
    write: Flags.boolean({ summary: 'Allow what changes something or shows Secrets; asks first' }),
  };

  readonly #split: SplitWords;

  constructor(argv: string[], config: OclifConfig) {
    const split = splitWords(argv, flagNames({ ...Kubectl.baseFlags, ...Kubectl.flags }));
    // From here on only our own words count as this command's: the journal and --json look at them.
    super(split.own, config);
    this.#split = split;
  }

  async run(): Promise<KubectlResult | undefined> {
    const { flags } = await this.parse(Kubectl);
    const context = this.open(flags);
    const { name, words } = serviceOf(this.#split, (await context.config()).services);
    this.argv.push(...(name ? [name] : []), '--', '…');
    const service = name ? await context.service(name) : await this.#ofIncident(context, flags.incident);
    const aim = { service: service.name, namespace: service.target.namespace };
    const judgement = judge(words, aim, { write: flags.write });
    this.argv.splice(-1, 1, ...journalWords(judgement));
    const call = await prepareCall(words, { context, service, judgement, json: this.jsonEnabled() });
    const { errorPaint: paint, errorIsTty } = this.invocation.terminal;
    if (call.identity && (errorIsTty || judgement.writes)) this.tell(headerView(aim, call.identity, judgement, paint));
    if (judgement.unselected && errorIsTty) this.tell(unselectedView(aim, service.target.selector, paint));
    if (judgement.writes) {
      const { environment } = (await context.config()).connection;
      this.tell(planView(words, { environment, paint }));
      if (!flags['dry-run']) await confirm(context.prompts, { yes: flags.yes, question: 'Run it?' });
    }
    if (flags['dry-run']) {
      this.say(call.text);
      return { ...call.result, exitCode: null };
    }
    return this.#carryOut(call, judgement, context);
  }

  async #carryOut(call: Call, judgement: Judgement, context: Context): Promise<KubectlResult | undefined> {
    const { aim } = call;
    const result = await runCall(call, { processes: await context.processes(), signal: context.signal });
    const code = result.exitCode ?? 0;
    if (judgement.writes) {
      const incident = (await context.currentIncident())?.id ?? null;
      await this.record({ incident, timeline: writeNote(judgement, aim, code) });
      const waiting = incident ? await deliverNotes(context, context.journal) : null;
      if (waiting) this.caution(waiting);
      const next = code === 0 ? nextView(judgement, aim, this.invocation.terminal.errorPaint) : null;
      if (next) this.tell(next);
    }
    if (context.signal.aborted) throw new OncallError('Interrupted.', { code: 'INTERRUPTED' });
    if (code !== 0) this.endWith(new OncallError(`kubectl ended with exit code ${code}.`, { code: 'FAILED' }));
    return this.jsonEnabled() || code !== 0 ? result : undefined;
  }

  async #ofIncident(context: Context, ref: string | undefined): Promise<Service> {
    const [pager, { services }] = await Promise.all([context.pager(), context.config()]);
    const current = await context.currentIncident();
    const { incident } = await requireIncident(pager, ref ?? null, current?.id ?? null);
    const { service } = await findSubject(incident, { pager, prometheus: null, services });
    if (service) return service;
    throw new OncallError('The incident does not tell which service it is about.', {
      code: 'NOT_FOUND',
      hint: 'Name it: oncall kubectl SERVICE -- …, or for every command: oncall incident link SERVICE',
    });
  }
}
