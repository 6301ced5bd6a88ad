import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import { OncallError } from '../errors.ts';
import type { Choice } from './choose-plots.ts';
import { graphLink } from './links.ts';
import { type Drawn, draw } from './plot.ts';
import { rangeOf } from './range.ts';

/** Something that happened, to stand under a curve. */
export interface Mark {
  at: string;
  kind: 'onset' | 'deploy';
  text: string;
}

export interface Graph extends Drawn {
  /** This very graph in Prometheus's web page, with absolute times. */
  link: string;
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

/**
 * Evaluates what was chosen, all at once. One that Prometheus refuses is shown with its reason beside the others.
 * @param request.span milliseconds; `request.end` milliseconds since 1970; `request.cells` width of a curve
 * @throws the reason, when not one of them could be drawn
 */
export async function showGraphs(request: {
  prometheus: Prometheus;
  /** Address of Prometheus, for the links. */
  base: string;
  choice: Choice;
  marks: readonly Mark[];
  span: number;
  end: number;
  cells: number;
}): Promise<Graphs> {
  const { prometheus, base, choice, marks, span, end, cells } = request;
  const range = rangeOf({ since: span, end, cells });
  const drawn = await Promise.all(choice.plots.map((plot) => draw(plot, prometheus, range)));
  const reason = drawn.every(({ error }) => error !== null) ? drawn[0]?.error : null;
  if (reason) throw new OncallError(reason.message, { code: reason.code, hint: reason.hint ?? undefined });
  const graphs = drawn.map((one) => ({ ...one, link: graphLink(base, one.expr, range) }));
  const inside = (mark: Mark) => Date.parse(mark.at) >= range.from && Date.parse(mark.at) <= range.to;
  return {
    service: choice.service?.name ?? null,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    stepSeconds: range.stepSeconds,
    marks: marks.filter(inside),
    graphs,
    link: graphLink(
      base,
      graphs.map(({ expr }) => expr),
      range,
    ),
  };
}
