import { type Deploy, shortSha } from '../deploys/deploy.ts';
import { followLine } from '../deploys/follow-view.ts';
import { advisory, heldBy } from '../deploys/hold-view.ts';
import { changesText, row } from '../deploys/plan-rows.ts';
import { changeName, nearness, runningNow, type ViewOptions } from '../deploys/view.ts';
import { runProgress } from '../deploys/watch-run.ts';
import { plain } from '../text/plain.ts';
import { formatValue, sparkline } from '../text/sparkline.ts';
import { clockTime, dayTime, formatDuration, relative } from '../text/time.ts';
import type { RevertEvent, RevertOutcome } from './revert.ts';
import type { RevertPlan } from './revert-plan.ts';
import type { Health, Proof } from './revert-proof.ts';

const SPARK_CELLS = 24;

/** What a revert would do, in the order in which a tired reader checks it. */
export function planView(plan: RevertPlan, options: ViewOptions): string {
  const { paint } = options;
  const { service, underWay, nothing, goal } = plan;
  if (underWay) {
    return `A revert of ${service}${goal ? ` to ${shortSha(plain(goal))}` : ''} is already under way; following it instead of starting another.`;
  }
  if (nothing !== null) return nothingView(plan, options);
  const lines = [
    `${paint.strong(`Revert ${service}`)} to ${paint.strong(shortSha(plain(goal ?? '')))}`,
    ...row('now', fromText(plan, options), options),
    ...row('back to', toText(plan, options), options),
    ...row('takes out', plan.between && changesText(plan.between), options),
    ...row('by', byText(plan), options),
    ...row('then', holdText(plan, options), options),
    ...plan.warnings.map(({ text }) => `${paint.warn(paint.sign.warn)} ${plain(text)}`),
  ];
  return lines.join('\n');
}

/** Nothing to do, and what to do if the reader knows better. */
function nothingView({ nothing, service, onset }: RevertPlan, { paint }: ViewOptions): string {
  const other = paint.command(`oncall revert ${service} --to COMMIT`);
  const next = onset
    ? `${paint.command('oncall now')} shows whether it helped; ${other} goes further back`
    : `${paint.command(`oncall deploys ${service} --since 30d`)}, and ${other} for an older one`;
  return [
    `${paint.good(paint.sign.good)} Nothing to revert. ${plain(nothing ?? '')}`,
    `${paint.sign.next} next: ${next}`,
  ].join('\n');
}

function fromText({ from }: RevertPlan, { zone, now }: ViewOptions): string {
  if (!from) return 'not known';
  const { deploy } = from;
  const running = runningNow(from.now);
  if (!deploy) return `${running} (no deploy of it is known)`;
  const at = Date.parse(deploy.succeededAt ?? deploy.startedAt);
  const near = deploy.suspect ? `, ${nearness(deploy.suspect)}` : '';
  return `${running}\n${change(deploy)}\n${deploy.state === 'running' ? 'going out since' : 'deployed'} ${relative(at, now)} (${dayTime(at, zone)})${near}`;
}

function toText({ to, goal }: RevertPlan, { zone, now }: ViewOptions): string {
  if (!to) return shortSha(plain(goal ?? ''));
  const at = Date.parse(to.succeededAt ?? to.startedAt);
  const ran = to.ranSeconds === null ? '' : `, ran ${formatDuration(to.ranSeconds * 1000)}`;
  const quiet = to.lastGood ? ' without an incident' : '';
  return `${shortSha(plain(to.sha))}\n${change(to)}\ndeployed ${relative(at, now)} (${dayTime(at, zone)})${ran}${quiet}`;
}

function change(deploy: Deploy): string {
  return `${changeName(deploy)}${deploy.author ? `, by ${plain(deploy.author)}` : ''}`;
}

function byText({ run, reason }: RevertPlan): string | null {
  return run && `${run.workflow} on ${plain(run.ref)} of ${run.repository}, because "${plain(reason)}"`;
}

function holdText({ hold, service }: RevertPlan, options: ViewOptions): string | null {
  const { zone } = options;
  if (hold.set?.until)
    return `holds deploys of ${service} until ${dayTime(Date.parse(hold.set.until), zone)}${advisory(hold.isRead)}`;
  return hold.existing ? `leaves the hold that is there: ${heldBy(hold.existing, options)}` : 'no hold on deploys';
}

/** What happens, in words: a line to keep, or what the line that moves says. */
export function eventWords(
  event: RevertEvent,
  plan: RevertPlan,
  options: ViewOptions,
): { line: string | null; moving: string | null } {
  return { line: eventLine(event, plan, options), moving: eventProgress(event, plan) };
}

function eventLine(event: RevertEvent, plan: RevertPlan, options: ViewOptions): string | null {
  const { paint, zone } = options;
  const good = paint.good(paint.sign.good);
  const warn = paint.warn(paint.sign.warn);
  switch (event.kind) {
    case 'started':
      return `${good} ${event.attached ? 'Following' : 'Started'} ${paint.link(plain(event.run.url))}`;
    case 'held': {
      const until = event.hold.until ? ` until ${clockTime(Date.parse(event.hold.until), zone)}` : '';
      const release = paint.command(`oncall release ${plan.service}`);
      return `${good} Deploys of ${plan.service} are on hold${until}${advisory(plan.hold.isRead)}; ${release} ends it.`;
    }
    case 'not held':
      return `${warn} Deploys are NOT on hold: ${plain(event.why)} Tell the others, or try ${paint.command(`oncall hold ${plan.service}`)}.`;
    case 'approval':
    case 'approved':
    case 'not approved':
      return followLine(event, `oncall revert ${plan.service}`, options);
    case 'ran':
      return `${good} The run succeeded after ${formatDuration(event.seconds * 1000)}.`;
    default:
      return null;
  }
}

function eventProgress(event: RevertEvent, plan: RevertPlan): string | null {
  switch (event.kind) {
    case 'moved':
      return `${plan.workflow}: ${plain(runProgress(event.state))}`;
    case 'pods': {
      const { ready, desired, revision } = event.workload;
      return `pods: ${ready} of ${desired} ready${revision ? `, on ${shortSha(plain(revision))}` : ''}`;
    }
    case 'alert':
      return event.sample.values.length > 0
        ? `alert: still there (value ${event.sample.values.map(formatValue).join(', ')})`
        : 'alert: gone, looking once more';
    default:
      return null;
  }
}

/** How it ended, and the next command; null where an error says it all. */
export function outcomeView(plan: RevertPlan, outcome: RevertOutcome, options: ViewOptions): string | null {
  const { paint } = options;
  const { proof, run } = outcome;
  if (!proof) {
    if (run.conclusion !== null) return null;
    return `${paint.sign.next} next: ${paint.command(`oncall revert ${plan.service}`)} follows it to its end`;
  }
  const lines = proofLines(proof, plan, options);
  if (proof.recovered) lines.push(`${paint.sign.next} next: ${paint.command('oncall resolve')}`);
  return lines.length > 0 ? lines.join('\n') : null;
}

/** By what it is known that a service has recovered, or what stands in its way. */
export function proofLines(proof: Proof, plan: Pick<RevertPlan, 'service' | 'goal'>, options: ViewOptions): string[] {
  const { paint } = options;
  const lines = [...podsLine(proof, plan, options), ...healthLine(proof.health, options)];
  if (!proof.recovered || proof.afterSeconds === null) return lines;
  const by = proof.by === 'alert' ? "the alert's own expression is quiet" : 'all pods are ready, which is weaker proof';
  const after = formatDuration(proof.afterSeconds * 1000);
  return [...lines, `${paint.good(paint.sign.good)} ${paint.good(`${plan.service} recovered in ${after}`)}: ${by}.`];
}

function podsLine({ pods }: Proof, plan: Pick<RevertPlan, 'goal'>, { paint }: ViewOptions): string[] {
  if (!pods) return [];
  const sign = pods.serving ? paint.good(paint.sign.good) : paint.bad(paint.sign.bad);
  const sha = shortSha(plain(pods.sha ?? plan.goal ?? ''));
  return [`${sign} The cluster runs ${sha}: ${pods.ready} of ${pods.desired} pods ready.`];
}

function healthLine(health: Health | null, { paint }: ViewOptions): string[] {
  if (!health || health.after === null) return [];
  const points = health.points.map(({ at, value }) => ({ at: Date.parse(at), value }));
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const unit = health.unit ? ` ${health.unit}` : '';
  const curve = to > from ? `  ${sparkline(points, { from, to, width: SPARK_CELLS, ascii: paint.ascii })}` : '';
  const before = health.before === null ? '' : `${formatValue(health.before)}${plain(unit)} → `;
  const text = `${plain(health.name)}: ${before}${formatValue(health.after)}${plain(unit)}${curve}`;
  return [`  ${paint.ascii ? text.replace('→', '->') : text}`];
}
