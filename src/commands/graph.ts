import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { graphIncident, graphMarks } from '../lib/briefing/graph-scope.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { duration, incidentFlag, waitFlag } from '../lib/cli/flags.ts';
import { choosePlots } from '../lib/metrics/choose-plots.ts';
import { chooseSpan } from '../lib/metrics/range.ts';
import { type Graphs, showGraphs } from '../lib/metrics/show-graphs.ts';
import { cellsFor, graphsNote, graphsTable, graphsView } from '../lib/metrics/view.ts';
import { plain } from '../lib/text/plain.ts';

/** A table of more rows does not fit a screen. */
const TABLE_ROWS = 30;

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
    ...waitFlag,
  };

  async run(): Promise<Graphs> {
    const { args, flags } = await this.parse(Graph);
    const context = this.open(flags);
    const { terminal } = this.invocation;
    const [{ services, connection }, prometheus, memory, current] = await Promise.all([
      context.config(),
      context.prometheus(),
      context.memory(),
      context.currentIncident(),
    ]);
    const { incident, cautions: ofIncident } = await graphIncident(
      { pager: () => context.pager(), prometheus, services, memory },
      { ref: flags.incident ?? null, current, needed: args.subject === undefined },
    );
    const words = { subject: args.subject ?? null, query: args.query ?? null };
    const choice = choosePlots(words, { services, incident: incident?.subject ?? null });
    const about = { service: choice.service, subject: incident?.subject ?? null };
    const around = graphMarks({ kubernetes: () => context.kubernetes(), memory }, about);
    const marks = around.then((found) => found.marks);
    const span = chooseSpan(flags, incident, context.now());
    const cells = flags.table ? TABLE_ROWS : cellsFor(terminal.width);
    const base = connection.prometheus?.url ?? '';
    const drawing = { prometheus, base, choice, marks, ...span, cells, memory, patience: flags.wait };
    const [{ result, trouble }, { cautions }] = await Promise.all([showGraphs(drawing), around]);
    for (const text of [...ofIncident, ...cautions]) this.caution(plain(text));
    const view = { paint: terminal.paint, zone: context.zone, now: context.now(), width: terminal.width };
    if (flags['link-only']) this.#printLink(result.link);
    else this.say(flags.table ? graphsTable(result, view) : graphsView(result, view));
    if (incident)
      await this.record({ incident: incident.id, timeline: graphsNote(result), link: result.graphs[0]?.link ?? null });
    if (flags.open) await context.openInBrowser(result.link);
    if (trouble && !flags['link-only']) this.endWith(trouble);
    return result;
  }

  /** A link for another program: without the label that human lines carry in a practice world. */
  #printLink(link: string): void {
    if (!this.jsonEnabled()) this.invocation.terminal.output.write(`${this.redactor.clean(link)}\n`);
  }
}
