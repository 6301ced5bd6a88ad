import { queryInstant } from '../../promql/evaluate.ts';
import { Labels } from '../../promql/labels.ts';
import { PromqlError } from '../../promql/promql-error.ts';
import type { SeriesSource } from '../../promql/series-source.ts';
import type { AlertDetail } from '../alert-event.ts';
import type { WorldClock } from '../clock.ts';
import type { ActiveAlert } from './active-alert.ts';
import { AlertSeries } from './alert-series.ts';
import { fingerprint } from './fingerprint.ts';
import { type Held, type Moment, RuleRun } from './rule-run.ts';
import type { RuleGroup } from './rules.ts';

/** How often rules are evaluated, in milliseconds of life. */
export const EVALUATION_INTERVAL_MS = 15_000;
/** What Alertmanager is told as the end of an alert that fires. */
export const NEVER = '0001-01-01T00:00:00Z';

export interface AlertingOptions {
  clock: WorldClock;
  /** What the rules look at; `latest` is the newest moment it knows, in milliseconds since 1970. */
  metrics: { source: SeriesSource; latest: number };
  groups: readonly RuleGroup[];
  /** Where Prometheus is reached, without a final slash: the links in alerts begin with it. */
  externalUrl: () => string;
}

/** A group of rules at work. */
export interface RunningGroup {
  name: string;
  file: string;
  rules: readonly RuleRun[];
  lastEvaluation: number | null;
}

/** The rules engine of the world's Prometheus. It hands every alert that begins or ceases to fire to its listeners. */
export class Alerting {
  readonly groups: readonly RunningGroup[];
  readonly #options: AlertingOptions;
  readonly #series = new AlertSeries();
  readonly #listeners: ((event: AlertDetail) => void)[] = [];

  constructor(options: AlertingOptions) {
    this.#options = options;
    this.groups = options.groups.map(({ name, file, rules }) => ({
      name,
      file,
      rules: rules.map((rule) => new RuleRun(rule)),
      lastEvaluation: null,
    }));
    options.clock.every(EVALUATION_INTERVAL_MS, () => this.evaluateNow());
  }

  /** The series `ALERTS` and `ALERTS_FOR_STATE`. */
  get source(): SeriesSource {
    return this.#series.source;
  }

  /** Calls `listener` with each alert when it begins to fire, and again when it is resolved. */
  onAlert(listener: (event: AlertDetail) => void): void {
    this.#listeners.push(listener);
  }

  /** The alerts that fire now. */
  firing(): AlertDetail[] {
    return this.#runs().flatMap((run) =>
      run.alerts.filter(({ state }) => state === 'firing').map((alert) => this.#detail(run, alert)),
    );
  }

  /** Evaluates every rule. It happens by itself every 15 s of life. */
  evaluateNow(): void {
    const { clock, metrics } = this.#options;
    const moment = { at: Math.max(clock.now(), metrics.latest), waited: clock.waited() };
    const changed: AlertDetail[] = [];
    for (const group of this.groups) {
      for (const run of group.rules) changed.push(...this.#evaluate(run, moment));
      group.lastEvaluation = moment.at;
    }
    this.#series.record(
      this.#runs().flatMap((run) => run.alerts),
      moment.at,
    );
    for (const event of changed) for (const listener of this.#listeners) listener(event);
  }

  /**
   * Takes a rule's alert as pending since a moment of the past, so that a world can begin with an outage under way. The
   * rule's expression must hold: the next evaluation forgets the alert otherwise.
   * @param wallMs milliseconds since 1970
   */
  assumePendingSince({ alert, service }: { alert: string; service: string }, wallMs: number): void {
    const { clock, metrics } = this.#options;
    const run = this.#runs().find(({ rule }) => rule.alert === alert && rule.labels['service'] === service);
    if (!run) throw new Error(`no rule ${alert} for ${service}`);
    const now = Math.max(clock.now(), metrics.latest);
    const since = { at: wallMs, waited: clock.waited() - (now - wallMs) };
    const held = this.#query(run, now);
    for (const one of held.length > 0 ? held : [{ labels: Labels.EMPTY, value: 1 }]) run.assume(one, since);
    for (const active of run.alerts) {
      this.#series.backdate(active, { from: wallMs, to: now, stepMs: EVALUATION_INTERVAL_MS });
    }
  }

  #runs(): RuleRun[] {
    return this.groups.flatMap(({ rules }) => rules);
  }

  #query(run: RuleRun, at: number): readonly Held[] {
    const result = queryInstant(this.#options.metrics.source, run.expr, at);
    if (result.type === 'vector') return result.samples;
    return result.type === 'scalar' ? [{ labels: Labels.EMPTY, value: result.value }] : [];
  }

  #evaluate(run: RuleRun, moment: Moment): AlertDetail[] {
    run.lastEvaluation = moment.at;
    try {
      const changed = run.update(this.#query(run, moment.at), moment);
      run.health = 'ok';
      run.lastError = null;
      return changed.map((alert) => this.#stamped(run, alert));
    } catch (error) {
      run.health = 'err';
      run.lastError = (error as Error).message;
      if (error instanceof PromqlError) return [];
      throw error;
    }
  }

  /** Two firings of one alert never begin in the same millisecond, even when an `advance` passes over both. */
  #stamped(run: RuleRun, alert: ActiveAlert): AlertDetail {
    const stamp = this.#options.clock.stamp();
    if (alert.state === 'firing') alert.firedAt = stamp;
    else alert.resolvedAt = stamp;
    return this.#detail(run, alert);
  }

  #detail(run: RuleRun, alert: ActiveAlert): AlertDetail {
    const labels = alert.labels.toRecord();
    const iso = (at: number | null) => (at === null ? NEVER : new Date(at).toISOString());
    return {
      status: alert.state === 'firing' ? 'firing' : 'resolved',
      labels,
      annotations: { ...alert.annotations },
      startsAt: iso(alert.firedAt),
      endsAt: iso(alert.state === 'firing' ? null : alert.resolvedAt),
      generatorURL: `${this.#options.externalUrl()}/graph?g0.expr=${queryEscaped(run.query)}&g0.tab=1`,
      fingerprint: fingerprint(labels),
    };
  }
}

/** A query string's value as Go escapes it: a space becomes `+`, and only letters, digits and `-_.~` stay. */
function queryEscaped(text: string): string {
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, percent)
    .replaceAll('%20', '+');
}
