import { plain } from '../text/plain.ts';
import { formatValue } from '../text/sparkline.ts';
import { clockTime, dayTime, formatDuration, relative } from '../text/time.ts';
import { type Firing, isWatcher } from './firing.ts';
import { limitText } from './quantity.ts';
import type { EndedSilence } from './silences.ts';
import type { ViewOptions } from './view.ts';

const INDENT = '  ';

export interface FiringList {
  shown: readonly Firing[];
  /** How many are left out because they are held back, and because they only watch the pipeline. */
  suppressed: number;
  watchers: number;
  /** The service or alert that was asked for. */
  subject: string | null;
  missing: readonly string[];
}

/** The alerts that fire, two to five lines each, and what to do next. */
export function firingView(list: FiringList, options: ViewOptions & { detailed: boolean }): string {
  const { paint, detailed } = options;
  const blocks = list.shown.map((alert) => (detailed ? detail(alert, options) : block(alert, options)).join('\n'));
  const left = leftOut(list);
  return [
    headline(list, options),
    ...list.missing.map((text) => `${paint.warn(paint.sign.warn)} ${plain(text)}`),
    ...blocks.flatMap((text) => ['', text]),
    ...(left ? ['', paint.dim(left)] : []),
    ...(list.shown.length > 0 ? ['', next(list.shown, options)] : []),
  ].join('\n');
}

function headline({ shown, subject, missing, suppressed }: FiringList, { paint }: ViewOptions): string {
  const firing = shown.filter(({ state }) => state !== 'suppressed').length;
  const of = subject ? ` of ${plain(subject)}` : '';
  if (firing === 0) {
    if (shown.length > 0) return `Nothing${of} is heard; held back: ${shown.length}.`;
    return `${missing.length === 0 ? `${paint.good(paint.sign.good)} ` : ''}No alert${of} fires${suppressed > 0 ? ' and is heard' : ''}.`;
  }
  return paint.strong(
    `${firing} ${firing === 1 ? 'alert fires' : 'alerts fire'}${subject ? `: ${plain(subject)}` : ''}.`,
  );
}

function leftOut({ suppressed, watchers }: FiringList): string | null {
  const parts = [
    suppressed > 0 ? `${suppressed} more ${suppressed === 1 ? 'is' : 'are'} silenced or inhibited (--silenced)` : null,
    watchers > 0 ? `${watchers} that only ${watchers === 1 ? 'watches' : 'watch'} the pipeline (--all)` : null,
  ].filter(Boolean);
  return parts.length > 0 ? `Not shown: ${parts.join(', ')}.` : null;
}

function block(alert: Firing, options: ViewOptions): string[] {
  const { paint } = options;
  const { summary, runbook } = alert;
  return [
    title(alert, options),
    ...(summary ? [plain(summary)] : []),
    ...valueLine(alert),
    ...held(alert, options),
    ...alert.endedSilences.map((silence) => `${paint.warn(paint.sign.warn)} ${endedText(silence, options)}`),
    ...(runbook ? [`runbook ${plain(runbook)}`] : []),
  ].map((line, i) => (i === 0 ? line : `${INDENT}${line}`));
}

function title(alert: Firing, options: ViewOptions): string {
  const { paint } = options;
  const { name, service, severity, state } = alert;
  const sign = state === 'suppressed' || isWatcher(alert) ? paint.dim(paint.sign.bullet) : paint.bad(paint.sign.bad);
  const facts = [service, severity].filter((text) => text !== null).map(plain);
  return [`${sign} ${paint.strong(plain(name))}`, ...facts, age(alert, options)].join('  ');
}

function age({ since }: Firing, { zone, now, width }: ViewOptions): string {
  const at = Date.parse(since);
  return `for ${formatDuration(now - at)} (since ${width === null ? since : now - at > 72_000_000 ? dayTime(at, zone) : clockTime(at, zone)})`;
}

function valueLine({ value, limit, forSeconds, expr }: Firing): string[] {
  const known = [
    value === null ? null : `value ${formatValue(value)}${limit ? ` (${limitText(limit, null)})` : ''}`,
    forSeconds ? `held for ${formatDuration(forSeconds * 1000)} before it fired` : null,
  ].filter(Boolean);
  return [...(known.length > 0 ? [known.join(', ')] : []), ...(expr ? [plain(expr)] : [])];
}

function held(alert: Firing, options: ViewOptions): string[] {
  const { paint } = options;
  const warn = paint.warn(paint.sign.warn);
  return [
    ...alert.silencedBy.map(({ id, createdBy, comment, until }) => {
      const end = until ? ` until ${untilText(until, options)}` : '';
      return `silenced by ${plain(createdBy) || 'somebody'}${end}: ${plain(comment)}  ${paint.dim(shortSilence(id))}`;
    }),
    ...alert.inhibitedBy.map((name) => `inhibited while ${plain(name)} fires`),
    ...alert.mutedBy.map((name) => `muted in the time interval ${plain(name)}`),
    ...(alert.state === 'unsent'
      ? [`${warn} Alertmanager does not have it, so it pages nobody: look at \`oncall doctor\``]
      : []),
  ];
}

/** `Mon 03:12Z, in 2h`; the exact time off a terminal. */
export function untilText(at: string, { zone, now, width }: Pick<ViewOptions, 'zone' | 'now' | 'width'>): string {
  return `${width === null ? at : dayTime(Date.parse(at), zone)}, ${relative(Date.parse(at), now)}`;
}

function endedText({ endedAt, createdBy, comment, id }: EndedSilence, { zone, now, width }: ViewOptions): string {
  const at = width === null ? endedAt : clockTime(Date.parse(endedAt), zone);
  return `heard now because a silence of ${plain(createdBy)} ended ${relative(Date.parse(endedAt), now)} (${at}): ${plain(comment)}  ${shortSilence(id)}`;
}

/** One alert with everything that it carries. */
function detail(alert: Firing, options: ViewOptions): string[] {
  const { paint } = options;
  const pairs = (record: Record<string, string>) =>
    Object.entries(record).map(([name, text]) => `${INDENT}${INDENT}${plain(name)}: ${plain(text)}`);
  return [
    ...block(alert, options),
    `${INDENT}${paint.dim('labels')}`,
    ...pairs(alert.labels),
    `${INDENT}${paint.dim('annotations')}`,
    ...pairs(alert.annotations),
    ...(alert.link ? [`${INDENT}${paint.dim('graph')}  ${plain(alert.link)}`] : []),
  ];
}

function next(shown: readonly Firing[], { paint }: ViewOptions): string {
  const heard = shown.find((alert) => alert.state !== 'suppressed' && !isWatcher(alert));
  const command = heard?.service
    ? `oncall graph ${shellSafe(heard.service)}`
    : heard
      ? 'oncall now'
      : 'oncall silence list';
  return `${paint.sign.next} next: ${paint.command(command)}`;
}

/** A name out of a label goes into a command to paste only when it is nothing but a name. */
function shellSafe(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : 'SERVICE';
}

/** How many characters of a silence's id are shown, and may be typed. */
export function shortSilence(id: string): string {
  return id.slice(0, 8);
}
