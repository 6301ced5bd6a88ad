import { Labels, METRIC_NAME } from '../../promql/labels.ts';
import { type Matcher, matchesAll } from '../../promql/matcher.ts';
import type { Point, Series, SeriesSource } from '../../promql/series-source.ts';
import type { ActiveAlert } from './active-alert.ts';

/** Evaluations remembered; at the usual speed, two weeks of them. */
const MOST_EVALUATIONS = 90_000;

interface Episode {
  labels: Labels;
  value: number;
  /** From which evaluation to which: milliseconds since 1970; null while it lasts. */
  from: number;
  until: number | null;
}

/** The series `ALERTS` and `ALERTS_FOR_STATE`, which Prometheus writes at each evaluation of its rules. */
export class AlertSeries {
  readonly source: SeriesSource;
  readonly #evaluations: number[] = [];
  readonly #episodes: Episode[] = [];

  constructor() {
    this.source = {
      select: (matchers, fromMs, toMs) => this.#select(matchers, fromMs, toMs),
      labelSets: (matchers, fromMs, toMs) => this.#select(matchers, fromMs, toMs).map(({ labels }) => labels),
    };
  }

  /** Notes which alerts were pending or firing at an evaluation. */
  record(alerts: readonly ActiveAlert[], at: number): void {
    this.#evaluated(at);
    const wanted = new Map(
      alerts.flatMap((alert) => seriesOf(alert, at)).map((episode) => [episode.labels.key, episode]),
    );
    for (const episode of this.#episodes) {
      if (episode.until !== null) continue;
      if (wanted.get(episode.labels.key)?.value === episode.value) wanted.delete(episode.labels.key);
      else episode.until = at;
    }
    this.#episodes.push(...wanted.values());
  }

  /** Adds the evaluations that would have happened between two moments of the past. */
  backdate(alert: ActiveAlert, { from, to, stepMs }: { from: number; to: number; stepMs: number }): void {
    const past: number[] = [];
    for (let at = from; at < to; at += stepMs) past.push(at);
    const known = this.#evaluations.splice(0);
    this.#evaluations.push(...[...new Set([...past, ...known])].sort((a, b) => a - b));
    this.#episodes.push(...seriesOf(alert, from));
  }

  #evaluated(at: number): void {
    if (this.#evaluations.at(-1) === at) return;
    this.#evaluations.push(at);
    if (this.#evaluations.length > MOST_EVALUATIONS) this.#evaluations.splice(0, MOST_EVALUATIONS / 10);
  }

  #select(matchers: readonly Matcher[], fromMs: number, toMs: number): Series[] {
    const byKey = new Map<string, { labels: Labels; samples: Point[] }>();
    for (const episode of this.#episodes) {
      if (episode.from > toMs || !matchesAll(episode.labels, matchers)) continue;
      const samples = this.#samples(episode, fromMs, toMs);
      if (samples.length === 0) continue;
      const known = byKey.get(episode.labels.key);
      // An episode that begins where another ended replaces its staleness marker.
      if (known?.samples.at(-1)?.t === samples[0]?.t) known?.samples.pop();
      if (known) known.samples.push(...samples);
      else byKey.set(episode.labels.key, { labels: episode.labels, samples });
    }
    return [...byKey.values()];
  }

  #samples({ from, until, value }: Episode, fromMs: number, toMs: number): Point[] {
    const samples: Point[] = [];
    for (const t of this.#evaluations) {
      if (t < Math.max(from, fromMs) || t > toMs) continue;
      if (until !== null && t >= until) {
        samples.push({ t, v: null });
        break;
      }
      samples.push({ t, v: value });
    }
    return samples;
  }
}

function seriesOf({ labels, state, activeAt }: ActiveAlert, from: number): Episode[] {
  const record = labels.toRecord();
  const named = (name: string, extra: Readonly<Record<string, string>>) =>
    Labels.of({ ...record, ...extra, [METRIC_NAME]: name });
  return [
    { labels: named('ALERTS', { alertstate: state }), value: 1, from, until: null },
    { labels: named('ALERTS_FOR_STATE', {}), value: Math.floor(activeAt / 1000), from, until: null },
  ];
}
