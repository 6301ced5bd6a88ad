import { Labels } from '../../promql/labels.ts';
import { parse } from '../../promql/parse.ts';
import { printExpression } from '../../promql/print-expression.ts';
import { executionError } from '../../promql/promql-error.ts';
import type { Expr } from '../../promql/syntax.ts';
import { type ActiveAlert, expanded } from './active-alert.ts';
import type { AlertRule } from './rules.ts';

/** A resolved alert is remembered, and repeated to Alertmanager, for so long: milliseconds of life. */
const RESOLVED_KEPT_MS = 15 * 60_000;

/** One element of the expression's answer. */
export interface Held {
  labels: Labels;
  value: number;
}

/** When an evaluation happens: on the wall clock, and in milliseconds of life. */
export interface Moment {
  at: number;
  waited: number;
}

/** An alerting rule and the alerts it has produced: pending while its `for` lasts, then firing, then resolved. */
export class RuleRun {
  readonly rule: AlertRule;
  readonly expr: Expr;
  /** The expression in Prometheus's own form. */
  readonly query: string;
  health: 'unknown' | 'ok' | 'err' = 'unknown';
  lastError: string | null = null;
  /** Milliseconds since 1970; null before the first evaluation. */
  lastEvaluation: number | null = null;
  readonly #active = new Map<string, ActiveAlert>();

  constructor(rule: AlertRule) {
    this.rule = rule;
    this.expr = parse(rule.expr);
    this.query = printExpression(this.expr);
  }

  /** The alerts that are pending or firing. */
  get alerts(): ActiveAlert[] {
    return [...this.#active.values()].filter(({ state }) => state !== 'inactive');
  }

  get state(): 'inactive' | 'pending' | 'firing' {
    const states = new Set(this.alerts.map(({ state }) => state));
    return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive';
  }

  /** Takes an alert as pending since a moment, as if its expression had held from there on. */
  assume(held: Held, since: Moment): void {
    const alert = this.#alert(held, since);
    if (!this.#active.has(alert.labels.key)) this.#active.set(alert.labels.key, alert);
  }

  /**
   * Takes over what the expression gives now.
   * @returns the alerts that began or ceased to fire
   */
  update(held: readonly Held[], moment: Moment): ActiveAlert[] {
    const current = new Map<string, ActiveAlert>();
    for (const one of held) {
      const alert = this.#alert(one, moment);
      if (current.has(alert.labels.key)) {
        throw executionError('vector contains metrics with the same labelset after applying alert labels');
      }
      current.set(alert.labels.key, alert);
    }
    for (const [key, alert] of current) this.#keep(key, alert);
    return [...this.#active].flatMap(([key, alert]) => this.#step(key, alert, { held: current.has(key), moment }));
  }

  #keep(key: string, alert: ActiveAlert): void {
    const known = this.#active.get(key);
    if (!known || known.state === 'inactive') {
      this.#active.set(key, alert);
      return;
    }
    known.value = alert.value;
    known.annotations = alert.annotations;
  }

  #step(key: string, alert: ActiveAlert, { held, moment }: { held: boolean; moment: Moment }): ActiveAlert[] {
    if (held) {
      if (alert.state !== 'pending' || moment.waited - alert.activeSince < this.rule.forMs) return [];
      alert.state = 'firing';
      alert.firedAt = moment.at;
      return [alert];
    }
    if (alert.state === 'inactive') {
      if (moment.waited - (alert.goneSince ?? 0) > RESOLVED_KEPT_MS) this.#active.delete(key);
      return [];
    }
    const fired = alert.state === 'firing';
    alert.state = 'inactive';
    alert.resolvedAt = moment.at;
    alert.goneSince = moment.waited;
    if (!fired) this.#active.delete(key);
    return fired ? [alert] : [];
  }

  #alert({ labels, value }: Held, { at, waited }: Moment): ActiveAlert {
    const expand = (record: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(record).map(([name, text]) => [name, expanded(text, labels, value)]));
    const { alert, labels: own, annotations } = this.rule;
    return {
      labels: Labels.of({ ...labels.nameless.toRecord(), ...expand(own), alertname: alert }),
      annotations: expand(annotations),
      state: 'pending',
      value,
      activeAt: at,
      activeSince: waited,
      firedAt: null,
      resolvedAt: null,
      goneSince: null,
    };
  }
}
