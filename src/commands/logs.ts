import * as Args from '@oclif/core/args';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { logFlags } from '../lib/cli/log-flags.ts';
import type { Service } from '../lib/config/config.ts';
import { OncallError } from '../lib/errors.ts';
import { requireIncident } from '../lib/incidents/choose-incident.ts';
import { findSubject } from '../lib/incidents/subject.ts';
import { optionsOf } from '../lib/logs/options.ts';
import { PodNames } from '../lib/logs/pod-names.ts';
import { createPrinter, type Printer } from '../lib/logs/printer.ts';
import { tailService } from '../lib/logs/tail-service.ts';
import { targetsOf } from '../lib/logs/targets.ts';
import { endView, headerView, nextStep, noticeView, tallyView } from '../lib/logs/view.ts';

export default class Logs extends OncallCommand {
  static override summary = 'Show the logs of all pods of a service, and follow them';
  static override description =
    'The last lines of every container, merged by time; on a terminal it then goes on live, also through restarts, new pods and broken connections, with no line lost and none repeated. A container that crashed shows its last words first. Piped, lines are plain and times exact. With --json each line is an object of its own: at, pod, container, line.';
  static override examples = [
    { description: 'The service of the open incident', command: '<%= config.bin %> logs' },
    {
      description: 'The last quarter of an hour, only errors, each with the three lines before it',
      command: '<%= config.bin %> logs dolthubapi --since 15m --level error -B 3',
    },
    { description: 'What the crashed run said', command: '<%= config.bin %> logs dolthubapi --previous' },
    {
      description: 'Lines as they were written, for another program',
      command: '<%= config.bin %> logs dolthubapi --raw --all | jq .status',
    },
    { description: 'Not in the configuration', command: '<%= config.bin %> logs deploy/prometheus -n monitoring' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = {
    service: Args.string({ description: 'Service, or KIND/NAME of the cluster; default: that of the open incident' }),
  };
  static override flags = logFlags;

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(Logs);
    const context = this.open({ ...flags });
    const { terminal, signal } = this.invocation;
    const now = () => context.now();
    const options = optionsOf(flags, { now: now(), terminal: terminal.outputIsTty });
    const kubernetes = await context.kubernetes();
    const { name, targets } = await this.#targets(context, args.service, flags);
    let printer: Printer | null = null;
    let names = new PodNames([]);
    // A reader that has had enough (`| head`) ends it, and is no failure.
    const gone = new AbortController();
    terminal.output.once('error', () => gone.abort());
    const words = { paint: terminal.errorPaint, nameOf: (pod: string) => names.nameOf(pod) };
    const counts = () => tallyView(printer?.tally.pods ?? [], words);
    try {
      const pods = await tailService(
        { ...options, name, targets },
        {
          kubernetes,
          signal: AbortSignal.any([signal, gone.signal]),
          now,
          random: Math.random,
          tell: (notice) => this.tell(noticeView(notice, words)),
          open: (found, about) => {
            names = new PodNames(found.map((pod) => ({ name: pod.name, containers: pod.runs.map((run) => run.name) })));
            this.tell(headerView({ name, targets, ...about, pods: found, ...options }, terminal.errorPaint));
            printer = createPrinter({
              ...{ ...options, names, now, output: terminal.output, terminal: terminal.outputIsTty },
              ...{ label: terminal.label, paint: terminal.paint, zone: context.zone },
              form: this.jsonEnabled() ? 'json' : flags.raw ? 'raw' : 'human',
            });
            return printer;
          },
        },
      );
      if (gone.signal.aborted) return;
      (printer as Printer | null)?.finish();
      if (flags.stats) this.tell(counts());
      for (const line of endView((printer as Printer | null)?.tally.lines ?? 0, options)) this.tell(line);
      const next = nextStep(name, pods, terminal.errorPaint);
      if (next) this.tell(next);
    } catch (error) {
      if (gone.signal.aborted) return;
      (printer as Printer | null)?.finish();
      if (signal.aborted) this.tell(`\n${counts()}\n${terminal.errorPaint.dim(`again: ${this.typed}`)}`);
      throw error;
    }
  }

  async #targets(
    context: Context,
    asked: string | undefined,
    flags: { incident?: string; selector?: string; namespace?: string; context?: string[] },
  ) {
    const object = asked?.includes('/') ? asked : null;
    const named = object !== null || flags.selector !== undefined;
    const configured = () => (asked ? context.service(asked) : this.#ofIncident(context, flags.incident));
    const { services } = await context.config();
    return targetsOf(await context.kubernetes(), {
      service: named ? null : await configured(),
      object,
      selector: flags.selector ?? null,
      namespace: flags.namespace ?? null,
      contexts: flags.context ?? [],
      fallback: services[0]?.target.namespace ?? 'default',
    });
  }

  async #ofIncident(context: Context, ref: string | undefined): Promise<Service> {
    const [pager, { services }] = await Promise.all([context.pager(), context.config()]);
    const current = await context.currentIncident();
    const { incident } = await requireIncident(pager, ref ?? null, current?.id ?? null);
    const { service } = await findSubject(incident, { pager, prometheus: null, services });
    if (service) return service;
    throw new OncallError('The incident does not tell which service it is about.', {
      code: 'NOT_FOUND',
      hint: 'Name it: oncall logs SERVICE, or for every command: oncall incident link SERVICE',
    });
  }
}
