import type { ClusterEvent, ClusterIdentity, Pod, Target, Workload } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { relative } from '../text/time.ts';
import type { Notice } from './notice.ts';
import type { Bounds } from './surroundings.ts';
import type { PodTally } from './tally.ts';

/** What the header says. What could not be learnt in time is null. */
export interface LogsHeader {
  name: string;
  targets: readonly Target[];
  identity: ClusterIdentity | null;
  workload: Workload | null;
  pods: readonly Pod[];
  bounds: Bounds;
  previous: boolean;
  follow: boolean;
}

/** How pods are called on this screen. */
export interface AboutPods {
  paint: Paint;
  nameOf(pod: string): string;
}

/** One line on stderr before the first log line: what is shown, from where, as whom. */
export function headerView(header: LogsHeader, paint: Paint): string {
  const { name: service, targets, identity, workload, pods } = header;
  const context =
    targets.length > 1 ? targets.map((one) => one.context ?? '').join(', ') : (targets[0]?.context ?? null);
  const crashing = pods.filter(({ ready }) => !ready).length;
  const name = context ?? identity?.context ?? null;
  const server = identity && (context === null || context === identity.context) ? hostOf(identity.server) : null;
  const parts = [
    paint.strong(plain(service)),
    name ? `${plain(name)}${server ? ` (${plain(server)})` : ''}` : null,
    identity?.user ? `as ${plain(identity.user)}` : null,
    `${pods.length} pod${pods.length === 1 ? '' : 's'}${crashing > 0 ? paint.bad(`, ${crashing} not ready`) : ''}`,
    workload?.revision ? `runs ${plain(workload.revision.slice(0, 7))}` : null,
    spanText(header),
  ];
  return parts.filter(Boolean).join(paint.dim(' · '));
}

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}

function spanText({ bounds: span, previous, follow }: LogsHeader): string {
  const of = previous ? ' of the previous run' : '';
  const past =
    span.sinceTime !== null
      ? `since ${span.sinceTime}${of}`
      : span.tailLines === 0
        ? 'only new lines'
        : span.tailLines !== null
          ? `last ${counted(span.tailLines, 'line')} of each container${of}`
          : span.sinceSeconds !== null
            ? `the last ${secondsText(span.sinceSeconds)}${of}`
            : `everything${of}`;
  return `${past}${follow && span.tailLines !== 0 ? ', then live' : ''}${follow ? ' (Ctrl-C ends)' : ''}`;
}

function secondsText(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** One line on stderr about a log, at the moment it happens. */
export function noticeView(notice: Notice, { paint, nameOf }: AboutPods): string {
  const detail = notice.detail === null ? '' : plain(notice.detail);
  const name = paint.strong(plain(nameOf(notice.pod)));
  switch (notice.kind) {
    case 'new pod':
      return mark(paint, `${name} is a new pod (${detail})`);
    case 'pod gone':
      return mark(paint, `${name} is gone`);
    case 'restarted':
      return mark(paint, `${name} was restarted${detail ? paint.bad(`; it had ended with ${detail}`) : ''}`);
    case 'status':
      return mark(paint, `${name} is now ${paint.warn(detail)}`);
    case 'previous run':
      return mark(paint, `${name} crashed${detail ? ` (${paint.bad(detail)})` : ''}. The last words of that run:`);
    case 'current run':
      return mark(
        paint,
        detail === 'Running' ? `${name} runs again:` : `${name} is now ${paint.warn(detail)}: no new run yet`,
      );
    case 'no previous run':
      return mark(paint, `${name} has no previous run: it was not restarted`);
    case 'gap': {
      const [from = '', to = ''] = detail.split(' ');
      return `${paint.warn(paint.sign.warn)} ${name}: lines are missing after ${from}${to ? `, up to ${to}` : ''}: the node rotated its log away before it could be read.`;
    }
    case 'run lost': {
      const [from = '', to = ''] = detail.split(' ');
      const span = [from === '-' ? '' : ` after ${from}`, to ? ` before ${to}` : ''].join('');
      return `${paint.warn(paint.sign.warn)} ${name}: it ended${span} and is gone from the node before it could be read; what it wrote cannot be had.`;
    }
    case 'polling':
      return `${paint.warn(paint.sign.warn)} ${name}: the node cannot follow this log (${detail}). It is asked every second instead.`;
    case 'queued':
      return mark(paint, `${name} waits for its turn: so many streams as --max-streams allows are open`);
    case 'kubelet':
      return mark(paint, `${name}: the node says: ${detail}`);
    case 'not readable':
      return `${paint.warn(paint.sign.warn)} ${name}: ${detail}`;
    case 'reconnecting':
      return `${paint.warn(paint.sign.warn)} ${notice.pod ? `${name}: ` : ''}${detail} Trying again.`;
  }
}

function mark(paint: Paint, text: string): string {
  return `${paint.dim(paint.ascii ? '--' : '──')} ${text}`;
}

/** Where to go from logs of pods that are not well; null when all are. */
export function nextStep(service: string, pods: readonly Pod[], paint: Paint): string | null {
  if (pods.every(({ ready }) => ready)) return null;
  return `${paint.sign.next} next: ${paint.command(`oncall deploys ${service}`)}   (what changed before this)`;
}

/** Why nothing was shown, if nothing was. */
export function endView(lines: number, { grep, level }: { grep: RegExp | null; level: string | null }): string[] {
  if (lines > 0) return [];
  const wanted = [grep ? `matches ${plain(grep.source)}` : null, level ? `is of level ${level} or graver` : null];
  const asked = wanted.filter(Boolean).join(' and ');
  return [asked ? `No line ${asked} in that span.` : 'There are no lines in that span.'];
}

/** What was seen, when the watching ends. */
export function tallyView(pods: readonly PodTally[], { paint, nameOf }: AboutPods): string {
  if (pods.length === 0) return 'No lines were shown.';
  const width = Math.max(...pods.map(({ pod }) => nameOf(pod).length));
  return pods
    .map(({ pod, lines, errors, warnings }) =>
      [
        plain(nameOf(pod)).padEnd(width),
        counted(lines, 'line'),
        ...(errors > 0 ? [paint.bad(counted(errors, 'error'))] : []),
        ...(warnings > 0 ? [paint.warn(counted(warnings, 'warning'))] : []),
      ].join('  '),
    )
    .join('\n');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** The error for a service without a single pod: what its workload wants, and what the cluster says of it. */
export function noPods(facts: {
  service: string;
  workload: Workload | null;
  events: readonly ClusterEvent[];
  target: { context: string | null; namespace: string; selector: string };
  now: number;
}): OncallError {
  const { service, workload, events, target, now } = facts;
  const wants = !workload
    ? `No workload has the labels ${target.selector} in namespace ${target.namespace}, either.`
    : workload.desired === 0
      ? `${workload.name} wants none: it is scaled to 0.`
      : `${workload.name} wants ${workload.desired}, and the cluster has made none.`;
  const told = events
    .slice(-3)
    .map(({ at, reason, message }) => `${relative(Date.parse(at), now)}: ${reason}: ${message}`);
  const context = target.context ? ` --context ${target.context}` : '';
  const kubectl = `kubectl${context} -n ${target.namespace}`;
  return new OncallError([`${service} has no pods. ${wants}`, ...told].join('\n'), {
    code: 'NOT_FOUND',
    hint: workload
      ? `See why: ${kubectl} describe deployment,replicaset -l '${target.selector}'`
      : `Check \`namespace\` and \`selector\` of ${service} in oncall.yaml; what there is: ${kubectl} get pods --show-labels`,
  });
}
