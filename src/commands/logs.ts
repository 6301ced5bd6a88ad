import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { duration, incidentFlag } from '../lib/cli/flags.ts';
import type { Service } from '../lib/config/config.ts';
import { OncallError } from '../lib/errors.ts';
import { requireIncident } from '../lib/incidents/choose-incident.ts';
import { findSubject } from '../lib/incidents/subject.ts';
import { findPods } from '../lib/logs/find-pods.ts';
import { pattern, spanOf } from '../lib/logs/options.ts';
import { LogPrinter, type LogSink } from '../lib/logs/print.ts';
import { LogRenderer } from '../lib/logs/render.ts';
import { showLogs } from '../lib/logs/show-logs.ts';
import { headerView, nextStep, nothingView, noticeView, tallyView } from '../lib/logs/view.ts';

const POLL_EVERY = 2000;

export default class Logs extends OncallCommand {
  static override summary = 'Show the logs of all pods of a service, and follow them';
  static override description =
    'The last lines of every container, merged by time; on a terminal it then goes on live, also through restarts and new pods. A container that crashed shows its last words first. With --json each line is an object of its own: at, pod, container, line.';
  static override examples = [
    { description: 'The service of the open incident', command: '<%= config.bin %> logs' },
    {
      description: 'The last quarter of an hour, only what mentions a panic',
      command: '<%= config.bin %> logs dolthubapi --since 15m --grep panic',
    },
    { description: 'What the crashed run said', command: '<%= config.bin %> logs dolthubapi --previous' },
    {
      description: 'Lines as they were written, for another program',
      command: '<%= config.bin %> logs dolthubapi --raw --all | jq .status',
    },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = { service: Args.string({ description: 'Service; default: that of the open incident' }) };
  static override flags = {
    ...incidentFlag,
    follow: Flags.boolean({ char: 'f', summary: 'Go on live; default: on a terminal', allowNo: true }),
    since: duration({ summary: 'Only what was written within this span', exclusive: ['all'] }),
    tail: Flags.integer({ summary: 'Last lines of each container; default: 10', min: 0, helpValue: 'N' }),
    all: Flags.boolean({ summary: 'Everything that the node still has', exclusive: ['tail', 'since'] }),
    previous: Flags.boolean({ char: 'p', summary: 'Only the run before the last restart' }),
    container: Flags.string({ char: 'c', summary: 'Only this container', helpValue: 'NAME' }),
    pod: Flags.string({ summary: 'Only this pod; a part of its name is enough', helpValue: 'NAME' }),
    grep: Flags.string({ char: 'g', summary: 'Only lines that match', helpValue: 'REGEXP' }),
    raw: Flags.boolean({ summary: 'Lines exactly as written: nothing taken apart, no prefix' }),
    timestamps: Flags.boolean({ summary: 'Show when each line was written; default: unless --raw', allowNo: true }),
  };

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(Logs);
    const context = this.open(flags);
    const { terminal, signal } = this.invocation;
    const { previous, raw } = flags;
    const span = spanOf({ ...flags, grep: flags.grep !== undefined });
    const grep = flags.grep === undefined ? null : pattern(flags.grep);
    const follow = !previous && (flags.follow ?? terminal.outputIsTty);
    const service = args.service
      ? await context.service(args.service)
      : await this.#ofIncident(context, flags.incident);
    const kubernetes = await context.kubernetes();
    const choice = { pod: flags.pod ?? null, container: flags.container ?? null };
    const found = await findPods({ kubernetes, service, choice, now: () => context.now() });
    const form = { raw, timestamps: flags.timestamps ?? !raw, terminal: terminal.outputIsTty };
    const renderer = new LogRenderer({ paint: terminal.paint, zone: context.zone, ...form, pods: found.pods });
    const printer = new LogPrinter(renderer, this.#sink(raw));
    const about = { paint: terminal.errorPaint, nameOf: (pod: string) => renderer.nameOf(pod) };
    this.tell(headerView({ service, ...found, span, previous, follow }, terminal.errorPaint));
    let closed = false;
    terminal.output.once('error', () => {
      closed = true;
    });
    try {
      await showLogs({
        ...{ kubernetes, target: service.target, pods: found.pods, choice, span, grep, previous, follow, signal },
        pollEvery: POLL_EVERY,
        now: () => context.now(),
        show: (entries) => printer.show(entries, context.now()),
        tell: (notice) => this.tell(noticeView(notice, about)),
      });
      printer.finish();
      if (printer.tally.lines === 0 && !closed) this.tell(nothingView(flags.grep ?? null));
      const next = nextStep(service.name, found.pods, terminal.errorPaint);
      if (next && !closed) this.tell(next);
    } catch (error) {
      // A reader that has had enough (`| head`) is no failure.
      if (closed) return;
      printer.finish();
      if (signal.aborted) this.tell(`\n${tallyView(printer.tally.pods, about)}`);
      throw error;
    }
  }

  #sink(raw: boolean): LogSink {
    const { output } = this.invocation.terminal;
    return {
      form: this.jsonEnabled() ? 'json' : raw ? 'raw' : 'human',
      say: (text) => this.say(text),
      // Without the label that human lines carry in a practice world.
      pass: (text) => output.write(this.redactor.clean(text)),
      printJson: (value) => this.printJson(value),
      output,
      signal: this.invocation.signal,
    };
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
