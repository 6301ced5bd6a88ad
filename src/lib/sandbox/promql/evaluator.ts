import { aggregate } from './aggregate.ts';
import { betweenScalars, betweenVectors, setOperation, withScalar } from './binary-operators.ts';
import { typeOf } from './check-types.ts';
import { clamp, DATES, histogramQuantile, labelJoin, labelReplace, MATH, round, sorted } from './instant-functions.ts';
import { Labels, METRIC_NAME } from './labels.ts';
import type { Matcher } from './matcher.ts';
import { executionError } from './promql-error.ts';
import { RANGE_FUNCTIONS, type RangeFunction } from './range-functions.ts';
import { type Column, instantTracks, referenceTimes, type Scope, selectedColumns, trackColumns } from './selection.ts';
import type { Aggregate, Binary, Call, Expr, MatrixSelector, StringLiteral, Subquery } from './syntax.ts';
import { bare, isSetOperator } from './syntax.ts';
import { distinct, emptyTrack, mapTrack, merged, scalarTrack, type Track, timeOf, valueAt } from './track.ts';

/** The resolution of a subquery that names none: the rules' evaluation interval. */
const DEFAULT_SUBQUERY_STEP_MS = 15_000;

/** Evaluates checked expressions over all steps of a query at once. */
export class Evaluator {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /**
   * The series of a scalar or instant vector expression.
   * @throws PromqlError `execution`
   */
  tracks(expr: Expr): Track[] {
    switch (expr.kind) {
      case 'number':
        return [scalarTrack(this.#count, () => expr.value)];
      case 'paren':
        return this.tracks(expr.expr);
      case 'selector':
        return instantTracks(this.#scope, expr);
      case 'unary':
        return this.#unary(expr.operator, this.tracks(expr.expr));
      case 'binary':
        return this.#binary(expr);
      case 'aggregate':
        return this.#aggregate(expr);
      case 'call':
        return this.#call(expr);
      default:
        throw executionError(`unhandled expression of type: ${expr.kind}`);
    }
  }

  /** The raw samples of a range vector expression. */
  columns(expr: MatrixSelector | Subquery): Column[] {
    if (expr.kind === 'matrix') return selectedColumns(this.#scope, expr.selector, expr.rangeMs);
    const stepMs = expr.stepMs || DEFAULT_SUBQUERY_STEP_MS;
    const times = referenceTimes(this.#scope, expr);
    const from = (times[0] as number) - expr.rangeMs;
    // The inner steps stand on multiples of the resolution, whatever the query's own time is.
    const startMs = Math.ceil(from / stepMs) * stepMs;
    const count = Math.floor(((times.at(-1) as number) - startMs) / stepMs) + 1;
    if (count <= 0) return [];
    const steps = { startMs, stepMs, count };
    return trackColumns(new Evaluator({ ...this.#scope, steps }).tracks(expr.expr), steps);
  }

  get #count(): number {
    return this.#scope.steps.count;
  }

  #unary(operator: '+' | '-', tracks: Track[]): Track[] {
    if (operator === '+') return tracks;
    return distinct(tracks.map((track) => mapTrack(track, track.labels.nameless, (value) => -value)));
  }

  #binary(expr: Binary): Track[] {
    const { operator, matching } = expr;
    const left = this.tracks(expr.left);
    const right = this.tracks(expr.right);
    const [leftScalar, rightScalar] = [expr.left, expr.right].map((side) => typeOf(side) === 'scalar');
    if (leftScalar && rightScalar) {
      return [scalarTrack(this.#count, (i) => betweenScalars(operator, valueAt(left[0], i), valueAt(right[0], i)))];
    }
    if (leftScalar) return withScalar(expr, right, { scalar: left[0] as Track, onLeft: true });
    if (rightScalar) return withScalar(expr, left, { scalar: right[0] as Track, onLeft: false });
    return isSetOperator(operator)
      ? setOperation(operator, [left, right], matching)
      : betweenVectors(expr, [left, right]);
  }

  #aggregate({ operator, grouping, without, param, expr }: Aggregate): Track[] {
    const literal = param === null ? null : bare(param);
    const label = literal?.kind === 'string' ? literal.value : null;
    const scalar = param === null || label !== null ? null : (this.tracks(param)[0] as Track);
    return aggregate({ operator, grouping, without, scalar, label }, this.tracks(expr), this.#count);
  }

  #call(call: Call): Track[] {
    const overRange = RANGE_FUNCTIONS.get(call.name);
    if (overRange) return this.#overRange(call, overRange);
    const math = MATH.get(call.name);
    const [first, second, third] = call.args as [Expr, Expr, Expr];
    if (math) return merged(this.tracks(first).map((track) => mapTrack(track, track.labels.nameless, math)));
    const date = DATES.get(call.name);
    if (date) return this.#date(first, date);
    switch (call.name) {
      case 'time':
        return [scalarTrack(this.#count, (i) => timeOf(this.#scope.steps, i) / 1000)];
      case 'pi':
        return [scalarTrack(this.#count, () => Math.PI)];
      case 'vector':
        return this.tracks(first);
      case 'scalar':
        return [this.#scalar(this.tracks(first))];
      case 'timestamp':
        return this.#timestamp(first);
      case 'absent':
        return this.#absent(first, this.tracks(first));
      case 'clamp':
        return clamp(this.tracks(first), this.#first(second), this.#first(third));
      case 'clamp_min':
        return clamp(this.tracks(first), this.#first(second), null);
      case 'clamp_max':
        return clamp(this.tracks(first), null, this.#first(second));
      case 'round':
        return round(this.tracks(first), second ? this.#first(second) : null);
      case 'sort':
      case 'sort_desc':
        return sorted(this.tracks(first), call.name === 'sort_desc');
      case 'histogram_quantile':
        return histogramQuantile(this.#first(first), this.tracks(second));
      case 'label_replace':
      case 'label_join':
        return this.#relabel(call);
      default:
        // histogram_count, histogram_sum, histogram_fraction: there are no native histograms, so nothing to give.
        this.tracks(call.args.at(-1) as Expr);
        return [];
    }
  }

  #first(expr: Expr): Track {
    return this.tracks(expr)[0] as Track;
  }

  #relabel({ name, args: [vector, ...rest] }: Call): Track[] {
    const strings = rest.map((arg) => (bare(arg) as StringLiteral).value);
    const tracks = this.tracks(vector as Expr);
    if (name === 'label_join') return labelJoin(tracks, strings);
    const [target = '', replacement = '', source = '', pattern = ''] = strings;
    return labelReplace(tracks, { target, replacement, source, pattern });
  }

  #date(expr: Expr | undefined, part: (moment: Date) => number): Track[] {
    const at = (seconds: number) => part(new Date(Math.trunc(seconds) * 1000));
    if (!expr) return [scalarTrack(this.#count, (i) => at(timeOf(this.#scope.steps, i) / 1000))];
    return merged(this.tracks(expr).map((track) => mapTrack(track, track.labels.nameless, at)));
  }

  #scalar(tracks: readonly Track[]): Track {
    return scalarTrack(this.#count, (i) => {
      const held = tracks.filter(({ present }) => present[i]);
      return held.length === 1 ? valueAt(held[0], i) : Number.NaN;
    });
  }

  #timestamp(expr: Expr): Track[] {
    const inner = bare(expr);
    if (inner.kind === 'selector') {
      const tracks = instantTracks(this.#scope, inner, true);
      return merged(tracks.map((track) => ({ ...track, labels: track.labels.nameless })));
    }
    const times = (_: number, i: number) => timeOf(this.#scope.steps, i) / 1000;
    return merged(this.tracks(expr).map((track) => mapTrack(track, track.labels.nameless, times)));
  }

  #absent(expr: Expr, tracks: readonly Track[]): Track[] {
    const track = emptyTrack(labelsOfAbsence(expr), this.#count);
    for (let i = 0; i < this.#count; i++) {
      if (tracks.some(({ present }) => present[i])) continue;
      track.present[i] = 1;
      track.values[i] = 1;
    }
    return track.present.includes(1) ? [track] : [];
  }

  #overRange(call: Call, compute: RangeFunction): Track[] {
    const ranged = call.args.map(bare).find((arg) => arg.kind === 'matrix' || arg.kind === 'subquery');
    const range = ranged as MatrixSelector | Subquery;
    const scalars = call.args.find((arg) => typeOf(arg) === 'scalar');
    const scalar = scalars ? this.#first(scalars) : undefined;
    const times = referenceTimes(this.#scope, range.kind === 'matrix' ? range.selector : range);
    const tracks: Track[] = [];
    for (const column of this.columns(range)) {
      const keepsName = call.name === 'last_over_time';
      const track = emptyTrack(keepsName ? column.labels : column.labels.nameless, this.#count);
      this.#slide(column, { times, rangeMs: range.rangeMs, scalar, compute }, track);
      if (track.present.includes(1)) tracks.push(track);
    }
    return call.name === 'absent_over_time' ? this.#absent(range, tracks) : distinct(tracks);
  }

  /** Moves the range's window along one series and fills in what the function gives. */
  #slide(column: Column, { times, rangeMs, scalar, compute }: Slide, track: Track): void {
    let from = 0;
    let to = 0;
    for (let i = 0; i < times.length; i++) {
      const endMs = times[i] as number;
      const startMs = endMs - rangeMs;
      while (to < column.times.length && (column.times[to] as number) <= endMs) to++;
      while (from < to && (column.times[from] as number) < startMs) from++;
      if (from === to) continue;
      const nowMs = timeOf(this.#scope.steps, i);
      const window = { times: column.times, values: column.values, from, to, startMs, endMs, nowMs };
      const value = compute({ ...window, scalar: valueAt(scalar, i) });
      if (value === null) continue;
      track.values[i] = value;
      track.present[i] = 1;
    }
  }
}

interface Slide {
  times: Float64Array;
  rangeMs: number;
  scalar: Track | undefined;
  compute: RangeFunction;
}

/** The labels that an absent vector would surely have had: those its selector fixes with `=`, each named once. */
function labelsOfAbsence(expr: Expr): Labels {
  const inner = bare(expr);
  const matchers: readonly Matcher[] =
    inner.kind === 'selector' ? inner.matchers : inner.kind === 'matrix' ? inner.selector.matchers : [];
  const fixed: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { name, operator, value } of matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === '=' && !seen.has(name)) fixed[name] = value;
    else delete fixed[name];
    if (operator === '=') seen.add(name);
  }
  return Labels.of(fixed);
}
