import { Labels } from '../../promql/labels.ts';
import type { ServiceSpec } from '../catalog.ts';
import type { PodLife } from '../pod-life.ts';
import { type Run, runsOf, type Stretch } from './availability.ts';
import type { Rhythm } from './rhythm.ts';
import { scrapeSeries } from './scrape-series.ts';
import { serviceSeries } from './service-series.ts';
import { type Exposed, placeOf, type Reading, type Target } from './target.ts';

/** What a pod's readings are computed from. */
export interface PodContext {
  service: ServiceSpec;
  rhythm: Rhythm;
  stretches: readonly Stretch[];
}

/** One pod as a scrape target. Its share of the service's traffic is what the other pods that answer leave it. */
export function podTarget(life: PodLife, context: PodContext): Target {
  const labels = Labels.of({
    app: context.service.name,
    instance: life.instance,
    job: context.service.name,
    namespace: context.service.namespace,
    pod: life.pod,
  });
  let series: readonly Exposed[] | undefined;
  return {
    labels,
    offset: placeOf(`${life.pod}/${life.instance}`),
    from: life.from,
    until: life.until,
    // Made when first asked for: most pods of the past never are.
    get series() {
      if (!series) {
        const exposed = serviceSeries(context.service, labels, life.sha);
        series = [...scrapeSeries(labels, exposed.length), ...exposed];
      }
      return series;
    },
    read: (times) => new Meter(life, context).read(times),
    lastUp: (at) => {
      const run = runsOf(life).findLast(({ from }) => from <= at);
      return run ? Math.min(at, (run.until ?? Number.POSITIVE_INFINITY) - 1) : null;
    },
  };
}

interface Piece {
  from: number;
  /** The rhythm's total at `from`. */
  total: number;
  /** Totals of the run up to `from`. */
  requests: number;
  failed: number;
  instances: number;
  failing: number;
}

/** Counts what one pod has served. */
class Meter {
  readonly #runs: readonly Run[];
  readonly #context: PodContext;
  #run: Run | undefined;
  #pieces: readonly Piece[] = [];
  #piece = 0;

  constructor(life: PodLife, context: PodContext) {
    this.#runs = runsOf(life);
    this.#context = context;
  }

  read(times: readonly number[]): Reading[] {
    return times.map((at) => this.#at(at));
  }

  #at(at: number): Reading {
    const run = this.#runs.find(({ from, until }) => from <= at && (until === null || at < until));
    if (!run) return { at, up: false, startedAt: 0, requests: 0, failed: 0, rate: () => 0 };
    if (run !== this.#run) {
      this.#run = run;
      this.#pieces = this.#cut(run);
      this.#piece = 0;
    }
    while ((this.#pieces[this.#piece + 1]?.from ?? Number.POSITIVE_INFINITY) <= at) this.#piece++;
    const piece = this.#pieces[this.#piece] as Piece;
    const { rhythm } = this.#context;
    const served = (rhythm.total(at) - piece.total) / piece.instances;
    return {
      at,
      up: true,
      startedAt: run.from,
      requests: piece.requests + served,
      failed: piece.failed + served * piece.failing,
      rate: () => rhythm.rate(at) / piece.instances,
    };
  }

  /** Cuts a run where the number of instances or the state of a dependency changes, with the totals up to each cut. */
  #cut({ from, until }: Run): Piece[] {
    const { stretches, rhythm } = this.#context;
    const pieces: Piece[] = [];
    stretches.forEach((stretch, i) => {
      const end = stretches[i + 1]?.from ?? Number.POSITIVE_INFINITY;
      if (end <= from || stretch.from >= (until ?? Number.POSITIVE_INFINITY)) return;
      const start = Math.max(from, stretch.from);
      const last = pieces.at(-1);
      const total = rhythm.total(start);
      const served = last ? (total - last.total) / last.instances : 0;
      pieces.push({
        from: start,
        total,
        requests: (last?.requests ?? 0) + served,
        failed: (last?.failed ?? 0) + served * (last?.failing ?? 0),
        instances: Math.max(1, stretch.instances),
        failing: stretch.failing,
      });
    });
    return pieces;
  }
}
