import { type Labels, METRIC_NAME } from '../../promql/labels.ts';
import type { Matcher } from '../../promql/matcher.ts';
import { matchesAll } from '../../promql/matcher.ts';
import { executionError } from '../../promql/promql-error.ts';
import type { Point, Series, SeriesSource, Steps } from '../../promql/series-source.ts';
import type { ServiceSpec } from '../catalog.ts';
import type { WorldClock } from '../clock.ts';
import type { PodLife } from '../pod-life.ts';
import type { Random } from '../random.ts';
import { Availability } from './availability.ts';
import { hostTargets } from './host-targets.ts';
import { podTarget } from './pod-target.ts';
import { Rhythm } from './rhythm.ts';
import { ScrapeClock } from './scrape-clock.ts';
import type { Exposed, Reading, Target } from './target.ts';

/** Prometheus's own limit is 50 million; the sandbox shares its process with the rest of the world. */
const MOST_SAMPLES = 6_000_000;
/** The staleness marker of a target that is gone comes at most this much after its end. */
const LONGEST_GAP_MS = 60_000;

export interface MetricsOptions {
  clock: WorldClock;
  random: Random;
  services: readonly ServiceSpec[];
  /** Every life of a service's pods, past and present. */
  lives(service: string): readonly PodLife[];
}

/**
 * All series of the world, as its Prometheus would have scraped them. Nothing is stored: each series is a function of
 * time over the lives of the pods, so any stretch of the past can be asked for, and what the world does next shows at
 * once. Make it before the alerting, so that in an `advance` each scrape comes before the rules that look at it.
 */
export class Metrics {
  readonly source: SeriesSource;
  readonly #options: MetricsOptions;
  readonly #scrapes: ScrapeClock;
  readonly #rhythms: ReadonlyMap<string, Rhythm>;
  readonly #hosts: readonly Target[];
  #known: { signature: string; targets: readonly Target[] } = { signature: '', targets: [] };

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#scrapes = new ScrapeClock(options.clock);
    const random = options.random.fork('metrics');
    this.#rhythms = new Map(
      options.services.map(({ name, requestsPerSecond }) => [name, new Rhythm(requestsPerSecond, random.fork(name))]),
    );
    this.#hosts = hostTargets(options.clock.now());
    this.source = {
      select: (matchers, fromMs, toMs, steps) => this.#select(matchers, { fromMs, toMs, steps }),
      labelSets: (matchers, fromMs, toMs) => this.#labelSets(matchers, fromMs, toMs),
    };
  }

  /** What Prometheus scrapes now, each with what its last scrape found. */
  targets(): { target: Target; last: Reading | null; intervalMs: number }[] {
    const now = this.#scrapes.latest;
    return this.#targets()
      .filter(({ from, until }) => from <= now && until === null)
      .map((target) => {
        const times = this.#times(target, { fromMs: now - 60_000, toMs: now, steps: undefined });
        return { target, last: target.read(times).at(-1) ?? null, intervalMs: this.#scrapes.intervalAt(now) };
      });
  }

  /** The moment of the newest scrape that can be asked for, in milliseconds since 1970. */
  get latest(): number {
    return this.#scrapes.latest;
  }

  #targets(): readonly Target[] {
    const { services, lives } = this.#options;
    const signature = services.map(({ name }) => lives(name).map(fingerprint).join()).join('|');
    if (signature !== this.#known.signature) {
      const availability = new Availability(services, lives);
      const pods = services.flatMap((service) => {
        const rhythm = this.#rhythms.get(service.name) as Rhythm;
        const stretches = availability.stretches(service.name);
        return lives(service.name).map((life) => podTarget(life, { service, rhythm, stretches }));
      });
      this.#known = { signature, targets: [...pods, ...this.#hosts] };
    }
    return this.#known.targets;
  }

  #times(target: Target, range: Range): number[] {
    const fromMs = Math.max(range.fromMs, target.from);
    if (range.steps) return this.#scrapes.times(target.offset, range).filter((at) => at >= target.from);
    return this.#scrapes.times(target.offset, { ...range, fromMs });
  }

  #select(matchers: readonly Matcher[], range: Range): Series[] {
    const found = this.#targets()
      .filter(({ from, until }) => from <= range.toMs && (until ?? range.fromMs) >= range.fromMs - LONGEST_GAP_MS)
      .map((target) => ({ target, wanted: matching(target, matchers) }))
      .filter(({ wanted }) => wanted.length > 0)
      .map((one) => ({ ...one, times: this.#times(one.target, range) }));
    const samples = found.reduce((sum, { wanted, times }) => sum + wanted.length * times.length, 0);
    if (samples > MOST_SAMPLES) {
      throw executionError('query processing would load too many samples into memory in query execution');
    }
    return found.flatMap(({ target, wanted, times }) => this.#samples(target, wanted, times));
  }

  #labelSets(matchers: readonly Matcher[], fromMs: number, toMs: number): Labels[] {
    const end = Math.min(toMs, this.latest);
    return this.#targets()
      .filter(({ from, until }) => from <= end && (until === null || until >= fromMs))
      .flatMap((target) => {
        const moment = target.lastUp(end);
        const last = moment === null ? undefined : target.read([moment])[0];
        const exposed = ({ value, synthetic }: Exposed) => synthetic || (last && value(last) !== null);
        return matching(target, matchers).filter(exposed);
      })
      .map(({ labels }) => labels);
  }

  #samples(target: Target, wanted: readonly Exposed[], times: readonly number[]): Series[] {
    const { until, offset } = target;
    // Once a target is gone, its series end with a staleness marker where it would have been scraped next.
    const end = until === null ? Number.POSITIVE_INFINITY : this.#scrapes.firstFrom(offset, until);
    const readings = target.read(times.filter((at) => until === null || at < until));
    const marked = times.includes(end);
    return wanted
      .map((series) => ({ labels: series.labels, samples: samplesOf(series, readings, marked ? end : null) }))
      .filter(({ samples }) => samples.some(({ v }) => v !== null));
  }
}

/** The series of a target that pass all matchers. */
function matching(target: Target, matchers: readonly Matcher[]): Exposed[] {
  // Most targets fall out by their own labels, without a look at their series.
  const foreign = matchers.some(
    (one) => target.labels.get(one.name) !== '' && !one.matches(target.labels.get(one.name)),
  );
  if (foreign) return [];
  // The name decides for nearly all series, so it is looked at first.
  const ordered = [...matchers].sort((a, b) => Number(b.name === METRIC_NAME) - Number(a.name === METRIC_NAME));
  return target.series.filter(({ labels }) => matchesAll(labels, ordered));
}

interface Range {
  fromMs: number;
  toMs: number;
  steps: Steps | undefined;
}

function fingerprint({ pod, until, states }: PodLife): string {
  return `${pod}/${until}/${states.length}/${states.at(-1)?.at}`;
}

function samplesOf({ value, synthetic }: Exposed, readings: readonly Reading[], end: number | null): Point[] {
  const samples: Point[] = [];
  // A series that is not in a scrape gets a staleness marker there, once. Before the first reading it may have been.
  let alive = readings.length > 0;
  for (const reading of readings) {
    const v = reading.up || synthetic ? value(reading) : null;
    if (v !== null || alive) samples.push({ t: reading.at, v });
    alive = v !== null;
  }
  if (end !== null && (alive || readings.length === 0)) samples.push({ t: end, v: null });
  return samples;
}
