import { ageNote } from '../text/age.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { formatValue, marksLine, sparkline } from '../text/sparkline.ts';
import { table } from '../text/table.ts';
import { clockTime, dateTime, formatDuration, relative, type Zone } from '../text/time.ts';
import type { Impact } from './impact.ts';
import { type Curve, pointsOf } from './plot.ts';
import { limitText, withUnit } from './quantity.ts';
import { edgesOf, type Range, rangeBetween } from './range.ts';
import type { Graph, Graphs, Mark } from './show-graphs.ts';

/** What a view needs to turn data into words. */
export interface ViewOptions {
  paint: Paint;
  zone: Zone;
  /** Milliseconds since 1970. */
  now: number;
  /** Columns of the terminal; null when the output is not one. */
  width: number | null;
}

const INDENT = '  ';
/** More curves than this in one graph help nobody. */
const MOST_CURVES = 5;
const WIDTH_WITHOUT_TERMINAL = 80;
const WIDEST = 120;
const DAY = 86_400_000;

/** How many cells of a curve fit the terminal. */
export function cellsFor(width: number | null): number {
  return Math.max(10, Math.min(width ?? WIDTH_WITHOUT_TERMINAL, WIDEST) - INDENT.length);
}

/** All graphs with one time axis below each other. */
export function graphsView(result: Graphs, options: ViewOptions): string {
  const { paint } = options;
  const blocks = result.graphs.map((graph) => graphBlock(graph, result, options).join('\n'));
  const legend = legendLine(result.marks, options);
  return [
    headline(result, options),
    ...(legend ? [legend] : []),
    '',
    ...blocks.flatMap((block) => [block, '']),
    `${paint.sign.next} next: the same with ${paint.command('--open')} shows it in Prometheus`,
  ].join('\n');
}

/** The values themselves, a row for each moment. */
export function graphsTable(result: Graphs, { zone, width }: ViewOptions): string {
  const curves = result.graphs.flatMap(({ name, curves }) =>
    curves.map(({ labels, points }) => {
      const values = new Map(points.map(({ at, value }) => [at, value]));
      return { title: labelText(labels, curves) || plain(name), values };
    }),
  );
  const moments = [...new Set(curves.flatMap(({ values }) => [...values.keys()]))].sort();
  const time = (at: string) => (width === null ? at : clockTime(Date.parse(at), zone));
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '-' : width === null ? String(value) : formatValue(value);
  return table(
    moments,
    [
      { title: 'TIME', cell: time },
      ...curves.map(({ title, values }) => ({ title, cell: (at: string) => number(values.get(at)), shrink: true })),
    ],
    width,
  );
}

/** The impact in at most three lines: the number, its curve, the instances. */
export function impactView(impact: Impact, { paint, zone, now, width }: ViewOptions): string {
  const { label, value, unit, limit, since, points, instances } = impact;
  const range = rangeFrom(impact);
  const curve = sparkline(pointsOf(points), { ...edgesOf(range), ascii: paint.ascii });
  const from = since ? Date.parse(since) : null;
  const number = paint.strong(withUnit(value, unit));
  const beyond = from ? `, since ${clockTime(from, zone)} (${relative(from, now)})` : '';
  const told = limit ? `${limitText(limit, unit)}${beyond}` : '';
  const state = from ? paint.bad(told) : paint.dim(told);
  const lines = [[`${plain(label)}: ${number}`, state].filter(Boolean).join('  ')];
  if (points.length > 0 && (width ?? WIDTH_WITHOUT_TERMINAL) >= range.cells + INDENT.length) {
    const end = isLive(impact, now) ? 'now' : clockTime(range.to, zone);
    lines.push(`${curve.trimEnd()}  ${paint.dim(`${clockTime(range.from, zone)} to ${end}`)}`);
  }
  if (instances) lines.push(instancesText(instances, paint));
  return lines.join('\n');
}

/** What an incident's timeline says of the graphs that were looked at: the values, without curves. */
export function graphsNote({ service, graphs }: Graphs): string {
  const values = graphs.map(({ name, unit, limit, curves, cachedAt }) => {
    const told = curves[0] ? `${withUnit(curves[0].last, unit)}, max ${withUnit(curves[0].max, unit)}` : 'no data';
    return `${plain(name)} ${told}${cachedAt ? ` as of ${cachedAt.slice(0, 16)}Z` : ''}${limit ? ` (${limitText(limit, unit)})` : ''}`;
  });
  return `Graphs${service ? ` of ${service}` : ''}: ${values.join('; ')}.`;
}

function instancesText({ up, of }: { up: number; of: number }, paint: Paint): string {
  const text = `${up} of ${of} instance${of === 1 ? '' : 's'} answer${of === 1 ? 's' : ''}`;
  return up < of ? paint.bad(text) : text;
}

function headline(result: Graphs, options: ViewOptions): string {
  const { paint, zone, now } = options;
  const [from, to] = [Date.parse(result.from), Date.parse(result.to)];
  const span = formatDuration(to - from);
  const live = isLive(result, now);
  const when = live
    ? `Last ${span}, until now (${clockTime(to, zone)})`
    : `${dateTime(from, zone)} to ${dateTime(to, zone)} (${span})`;
  const state = stateOf(result.graphs, live, paint);
  return [result.service ? paint.strong(plain(result.service)) : null, state, when]
    .filter(Boolean)
    .join(paint.dim(' · '));
}

/** Past a limit; without a value, which is no better; or well. Claims nothing where no limit is known. */
function stateOf(graphs: readonly Graph[], live: boolean, paint: Paint): string | null {
  const names = (some: readonly Graph[]) =>
    graphs.length === 1 ? '' : `: ${some.map(({ name }) => plain(name)).join(', ')}`;
  // Of values out of the cache nothing is claimed for now.
  const fresh = graphs.filter(({ cachedAt }) => cachedAt === null);
  const past = fresh.filter(({ pastLimit }) => pastLimit);
  const silent = fresh.filter(({ curves, error }) => !error && curves.every(({ last }) => last === null));
  const states = [
    ...(past.length > 0 ? [paint.bad(`past the limit${names(past)}`)] : []),
    ...(silent.length > 0 ? [paint.warn(`no value ${live ? 'now' : 'at the end'}${names(silent)}`)] : []),
  ];
  if (states.length > 0) return states.join(paint.dim(' · '));
  return graphs.every(({ limit, error, cachedAt }) => limit && !error && !cachedAt)
    ? paint.good('within the limit')
    : null;
}

function graphBlock(graph: Graph, result: Graphs, options: ViewOptions): string[] {
  const { paint } = options;
  const { curves, error, warnings } = graph;
  const sign = graph.pastLimit ? `${paint.bad(paint.sign.bad)} ` : '';
  const about = graph.description ?? (graph.name === graph.expr ? '' : graph.expr);
  const age = paint.warn(ageNote(graph.cachedAt, options.now));
  const title = `${sign}${paint.strong(plain(graph.name))}${about ? `  ${plain(about)}` : ''}${age}`;
  const lines = [title];
  if (error) lines.push(`${INDENT}${paint.warn(`${paint.sign.warn} ${plain(error.message)}`)}`);
  else if (curves.length === 0) lines.push(`${INDENT}No data in this span.`);
  const shown = curves.slice(0, MOST_CURVES);
  // What is old is drawn over its own span, where the marks of this one have no place.
  const over = graph.cachedAt ? { ...result, ...graph.span, marks: [] } : result;
  for (const curve of shown) lines.push(...curveLines(curve, { graph, result: over, options }));
  if (shown.length > 0) lines.push(`${INDENT}${paint.dim(axisOf(over, options.zone))}`);
  if (curves.length > MOST_CURVES) lines.push(`${INDENT}and ${curves.length - MOST_CURVES} more series`);
  for (const warning of warnings) lines.push(`${INDENT}${paint.warn(paint.sign.warn)} Prometheus: ${plain(warning)}`);
  lines.push(`${INDENT}${paint.dim(graph.link)}`);
  return lines;
}

function curveLines(
  curve: Curve,
  { graph, result, options }: { graph: Graph; result: Graphs; options: ViewOptions },
): string[] {
  const { paint } = options;
  const { unit, limit } = graph;
  const edges = edgesOf(rangeFrom(result));
  const value = (number: number | null) => withUnit(number, unit);
  const facts = [
    `${isLive(result, options.now) ? 'now' : 'at the end'} ${paint.strong(value(curve.last))}`,
    `min ${value(curve.min)}`,
    `max ${value(curve.max)}`,
    ...(limit ? [limitText(limit, unit)] : []),
  ];
  const label = labelText(curve.labels, graph.curves);
  const marks = marksLine(placedMarks(result, paint), edges);
  return [
    ...(label ? [`${INDENT}${label}`] : []),
    `${INDENT}${facts.join('   ')}`,
    `${INDENT}${sparkline(pointsOf(curve.points), { ...edges, ascii: paint.ascii })}`,
    ...(marks ? [`${INDENT}${marks}`] : []),
  ];
}

function rangeFrom({ from, to, stepSeconds }: { from: string; to: string; stepSeconds: number }): Range {
  return rangeBetween(Date.parse(from), Date.parse(to), stepSeconds);
}

/** A deploy is often only seconds before the onset: where both fall on one cell it is drawn one cell earlier. */
function placedMarks(result: Graphs, paint: Paint): { at: number; sign: string }[] {
  const cell = result.stepSeconds * 1000;
  const edges = edgesOf(rangeFrom(result));
  const cellOf = (at: number) => Math.floor((at - edges.from) / cell);
  const onsets = result.marks.filter(({ kind }) => kind === 'onset').map(({ at }) => cellOf(Date.parse(at)));
  return result.marks.map(({ at, kind }) => {
    const moment = Date.parse(at);
    const hidden = kind === 'deploy' && onsets.includes(cellOf(moment));
    return { at: Math.max(edges.from, hidden ? moment - cell : moment), sign: signOf(kind, paint) };
  });
}

/** The ends of the time axis; only the later one where both do not fit. */
function axisOf(result: Graphs, zone: Zone): string {
  const range = rangeFrom(result);
  const time = range.to - range.from > DAY ? dateTime : clockTime;
  const [from, to] = [time(range.to - range.cells * range.stepSeconds * 1000, zone), time(range.to, zone)];
  const gap = range.cells - from.length - to.length;
  return gap > 0 ? `${from}${' '.repeat(gap)}${to}` : to.padStart(range.cells);
}

function signOf(kind: Mark['kind'], paint: Paint): string {
  if (kind === 'onset') return paint.ascii ? '^' : '▲';
  return paint.ascii ? '|' : '┆';
}

function legendLine(marks: readonly Mark[], { paint, zone, now }: ViewOptions): string {
  return marks
    .map(({ at, kind, text }) => {
      const moment = Date.parse(at);
      return `${signOf(kind, paint)} ${plain(text)} ${clockTime(moment, zone)} (${relative(moment, now)})`;
    })
    .join('   ');
}

/** By what a series differs from its siblings: one label if that is enough. Nothing where there is only one series. */
function labelText(labels: Record<string, string>, all: readonly Curve[]): string {
  if (all.length < 2) return '';
  const names = Object.keys(labels).filter((name) => all.some((other) => other.labels[name] !== labels[name]));
  const enough = (name: string) => new Set(all.map((other) => other.labels[name])).size === all.length;
  const telling = ['pod', ...names].find((name) => names.includes(name) && enough(name));
  return (telling ? [telling] : names).map((name) => `${plain(name)}=${plain(labels[name] ?? '')}`).join(' ');
}

function isLive({ to }: { to: string }, now: number): boolean {
  return now - Date.parse(to) < 60_000;
}
