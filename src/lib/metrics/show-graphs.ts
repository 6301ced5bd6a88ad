import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import { isOut, OncallError } from '../errors.ts';
import { type Known, lastKnown, type Memory } from '../store/fallback.ts';
import type { Choice } from './choose-plots.ts';
import { graphLink } from './links.ts';
import { type Drawn, draw, type Plot } from './plot.ts';
import { type Range, rangeOf } from './range.ts';

/** Something that happened, to stand under a curve. */
export interface Mark {
  at: string;
  kind: 'onset' | 'deploy';
  text: string;
}

export interface Graph extends Drawn {
  /** This very graph in Prometheus's web page, with absolute times. */
  link: string;
  /** When the values were read, ISO 8601 UTC, if they come out of the cache; null when they are live. */
  cachedAt: string | null;
  /** The span of the values: that of all the graphs, unless they come out of the cache. */
  span: { from: string; to: string; stepSeconds: number };
}

/** Graphs over one span. Times are ISO 8601 UTC. */
export interface Graphs {
  service: string | null;
  from: string;
  to: string;
  stepSeconds: number;
  marks: Mark[];
  graphs: Graph[];
  /** One page with all of them. */
  link: string;
}

/** A span that ended longer ago than this, in milliseconds, is not what "the last values" are. */
const RECENT = 60_000;

/**
 * Evaluates what was chosen, all at once. One that Prometheus refuses is shown with its reason beside the others; when it
 * does not answer, the last known values are, with their age. The links need no answer.
 * @param request.span milliseconds; `request.end` milliseconds since 1970; `request.cells` width of a curve
 * @param request.patience milliseconds before the last known values are taken
 * @returns the graphs, and why not all are live; null when they are
 * @throws the reason, when every one was refused
 */
export async function showGraphs(request: {
  prometheus: Prometheus;
  /** Address of Prometheus, for the links. */
  base: string;
  choice: Choice;
  /** What stands under the curves; may still be on its way. */
  marks: readonly Mark[] | Promise<readonly Mark[]>;
  span: number;
  end: number;
  cells: number;
  /** Where the last known values are; null has none. */
  memory: Memory | null;
  patience: number;
}): Promise<{ result: Graphs; trouble: OncallError | null }> {
  const { prometheus, base, choice, marks, span, end, cells, memory, patience } = request;
  const range = rangeOf({ since: span, end, cells });
  const recent = memory !== null && memory.now() - range.to < RECENT;
  const ask = { prometheus, range, memory: recent ? memory : null, patience };
  const drawn = await Promise.all(choice.plots.map((plot) => drawOrRecall(plot, ask)));
  const refused = drawn.every(({ value }) => value.drawn.error !== null) && drawn.every(({ trouble }) => !trouble);
  const reason = refused ? drawn[0]?.value.drawn.error : null;
  if (reason) throw new OncallError(reason.message, { code: reason.code, hint: reason.hint ?? undefined });
  const graphs = drawn.map(({ value, cachedAt }): Graph => {
    const link = graphLink(base, value.drawn.expr, range);
    return { ...value.drawn, link, cachedAt, span: spanOf(value.range) };
  });
  const inside = (mark: Mark) => Date.parse(mark.at) >= range.from && Date.parse(mark.at) <= range.to;
  const all = graphs.map(({ expr }) => expr);
  const result = {
    service: choice.service?.name ?? null,
    ...spanOf(range),
    marks: (await marks).filter(inside),
    graphs,
    link: graphLink(base, all, range),
  };
  return { result, trouble: drawn.find(({ trouble }) => trouble)?.trouble ?? null };
}

interface Drawing {
  drawn: Drawn;
  range: Range;
}

/** One graph, live or as it was the last time; without curves where Prometheus is out and nothing is known. */
async function drawOrRecall(
  plot: Plot,
  how: { prometheus: Prometheus; range: Range; memory: Memory | null; patience: number },
): Promise<Known<Drawing>> {
  const { prometheus, range, memory, patience } = how;
  const ask = async (): Promise<Drawing> => {
    const drawn = await draw(plot, prometheus, range);
    const error =
      drawn.error && new OncallError(drawn.error.message, { ...drawn.error, hint: drawn.error.hint ?? undefined });
    if (isOut(error)) throw error;
    return { drawn, range };
  };
  try {
    return await lastKnown({ memory, key: `graph ${plot.drawn}`, who: 'Prometheus', ask, patience, waitOn: true });
  } catch (error) {
    if (!isOut(error)) throw error;
    const { code, message, hint } = error;
    const drawn = { ...plot, curves: [], pastLimit: false, warnings: [], error: { code, message, hint } };
    return { value: { drawn, range }, cachedAt: null, trouble: error };
  }
}

function spanOf({ from, to, stepSeconds }: Range): Graph['span'] {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), stepSeconds };
}
