import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { duration, incidentFlag } from '../lib/cli/flags.ts';
import type { Service } from '../lib/config/config.ts';
import { inTime, PATIENCE } from '../lib/deploys/patience.ts';
import { OncallError } from '../lib/errors.ts';
import { chooseIncident } from '../lib/incidents/choose-incident.ts';
import { findSubject, type Subject } from '../lib/incidents/subject.ts';
import { choosePlots } from '../lib/metrics/choose-plots.ts';
import { chooseSpan } from '../lib/metrics/range.ts';
import { type Graphs, type Mark, showGraphs } from '../lib/metrics/show-graphs.ts';
import { cellsFor, graphsNote, graphsTable, graphsView } from '../lib/metrics/view.ts';
import { plain } from '../lib/text/plain.ts';

/** A table of more rows does not fit a screen. */
const TABLE_ROWS = 30;

interface About {
  id: string;
  resolvedAt: string | null;
  onset: number;
  subject: Subject;
}

export default class Graph extends OncallCommand {
  static override summary = 'Draw a query in the terminal, with a Prometheus link to the same moment';
  static override description =
    'Without an argument it draws what your open incident is about: the expression of its alert, then the queries of its service. The link carries absolute times, so that it shows the same tomorrow.';
  static override examples = [
    { description: 'What the open incident is about', command: '<%= config.bin %> graph' },
    { description: 'All queries of a service', command: '<%= config.bin %> graph dolthubapi' },
    { description: 'One of them, over a day', command: '<%= config.bin %> graph dolthubapi errors --since 1d' },
    { description: 'Any expression', command: '<%= config.bin %> graph \'sum(up{app="dolthubapi"})\'' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = {
    subject: Args.string({ description: 'Service, name of a query of the incident’s service, or PromQL expression' }),
    query: Args.string({ description: 'Name of a query of that service' }),
  };
  static override flags = {
    ...incidentFlag,
    since: duration({ summary: 'How far back from the end; default: 1h, or the whole incident' }),
    end: Flags.string({ summary: 'Where the span ends: a time, or how long ago; default: now', helpValue: 'TIME' }),
    open: Flags.boolean({ summary: 'Open it in Prometheus, in the browser' }),
    'link-only': Flags.boolean({ summary: 'Print nothing but the link', exclusive: ['table'] }),
    table: Flags.boolean({ summary: 'Print the values as a table' }),
  };

  async run(): Promise<Graphs> {
    const { args, flags } = await this.parse(Graph);
    const context = this.open(flags);
    const { terminal } = this.invocation;
    const [{ services, connection }, prometheus] = await Promise.all([context.config(), context.prometheus()]);
    const incident = await this.#incident(context, flags.incident ?? null, args.subject === undefined);
    const words = { subject: args.subject ?? null, query: args.query ?? null };
    const choice = choosePlots(words, { services, incident: incident?.subject ?? null });
    const marks = await this.#marks(context, choice.service, incident?.subject ?? null);
    const span = chooseSpan(flags, incident, context.now());
    const cells = flags.table ? TABLE_ROWS : cellsFor(terminal.width);
    const base = connection.prometheus?.url ?? '';
    const result = await showGraphs({ prometheus, base, choice, marks, ...span, cells });
    const view = { paint: terminal.paint, zone: context.zone, now: context.now(), width: terminal.width };
    if (flags['link-only']) this.#printLink(result.link);
    else this.say(flags.table ? graphsTable(result, view) : graphsView(result, view));
    if (incident)
      await this.record({ incident: incident.id, timeline: graphsNote(result), link: result.graphs[0]?.link ?? null });
    if (flags.open) await context.openInBrowser(result.link);
    return result;
  }

  /** A link for another program: without the label that human lines carry in a practice world. */
  #printLink(link: string): void {
    if (!this.jsonEnabled()) this.invocation.terminal.output.write(`${this.redactor.clean(link)}\n`);
  }

  /** The incident is asked for where it is what to draw; elsewhere it only adds its onset, and only if we work on one. */
  async #incident(context: Context, ref: string | null, needed: boolean): Promise<About | null> {
    const [current, { services }] = await Promise.all([context.currentIncident(), context.config()]);
    const find = async () => {
      const [pager, prometheus] = await Promise.all([context.pager(), context.prometheus()]);
      const chosen = await chooseIncident(pager, ref, current?.id ?? null);
      if (!chosen) return null;
      const { id, resolvedAt } = chosen.incident;
      const subject = await findSubject(chosen.incident, { pager, prometheus, services });
      return { id, resolvedAt, onset: subject.onset, subject };
    };
    if (needed || ref !== null) return find();
    return current ? this.#decoration(find(), 'the incident’s onset') : null;
  }

  async #marks(context: Context, service: Service | null, subject: Subject | null): Promise<Mark[]> {
    const mine = subject && (!service || !subject.service || subject.service.name === service.name);
    const onset: Mark[] = mine ? [{ at: new Date(subject.onset).toISOString(), kind: 'onset', text: 'onset' }] : [];
    if (!service) return onset;
    const revisions = context.kubernetes().then((kubernetes) => kubernetes.revisions(service.target));
    const deploys = ((await this.#decoration(revisions, 'deploys')) ?? []).map(
      ({ createdAt, revision }): Mark => ({
        at: createdAt,
        kind: 'deploy',
        text: `deploy ${revision?.slice(0, 7) ?? ''}`,
      }),
    );
    return [...deploys, ...onset];
  }

  async #decoration<T>(answer: Promise<T>, what: string): Promise<T | null> {
    return inTime(answer, PATIENCE).catch((error: unknown) => {
      if (this.invocation.signal.aborted || !(error instanceof OncallError)) throw error;
      this.caution(`Without ${what}: ${plain(error.message)}`);
      return null;
    });
  }
}
