import type { ApiCall } from '../deploys/api-call.ts';
import { shortSha } from '../deploys/deploy.ts';
import { row } from '../deploys/plan-rows.ts';
import { runningNow, type ViewOptions } from '../deploys/view.ts';
import { plain } from '../text/plain.ts';
import { formatValue } from '../text/sparkline.ts';
import { clockTime, dayTime, formatDuration, relative } from '../text/time.ts';
import { proofLines } from './revert-view.ts';
import type { RollbackEvent, RollbackOutcome } from './rollback.ts';
import { type RollbackPlan, rollbackCalls } from './rollback-plan.ts';

/** What `oncall revert --via rollout` gives as data. */
export interface RollbackResult extends Omit<RollbackPlan, 'cautions' | 'prepared'> {
  via: 'rollout';
  outcome: 'nothing to revert' | 'planned' | 'put back' | 'recovered';
  held: boolean;
  proof: RollbackOutcome['proof'];
  /** What would be sent, or was. */
  calls: ApiCall[];
}

/** A plan, and what became of it, as data. */
export function rollbackResult(plan: RollbackPlan, outcome: RollbackOutcome | null): RollbackResult {
  const { cautions: _, prepared: __, ...rest } = plan;
  const done = outcome?.proof?.recovered ? 'recovered' : 'put back';
  return {
    ...rest,
    via: 'rollout',
    outcome: plan.nothing !== null ? 'nothing to revert' : outcome ? done : 'planned',
    held: outcome?.hold != null,
    proof: outcome?.proof ?? null,
    calls: rollbackCalls(plan),
  };
}

/** What it would do, and what it does not do. */
export function rollbackPlanView(plan: RollbackPlan, options: ViewOptions): string {
  const { paint, zone, now } = options;
  const { service, to, from, nothing } = plan;
  if (nothing !== null || !to) {
    return [
      `${paint.good(paint.sign.good)} Nothing to put back. ${plain(nothing ?? '')}`,
      `${paint.sign.next} next: ${paint.command('oncall now')}; ${paint.command(`oncall revert ${service} --via rollout --to COMMIT`)} for another one`,
    ].join('\n');
  }
  const at = Date.parse(to.createdAt);
  const sha = shortSha(plain(plan.goal ?? ''));
  const back = `${sha}, revision ${to.number}\n${plain(to.image)}\nfirst out ${relative(at, now)} (${dayTime(at, zone)})`;
  return [
    `${paint.strong(`Put ${service} back in the cluster itself`)}, past GitHub, to ${paint.strong(sha)}`,
    ...row('now', from && `${runningNow(from)}${from.image ? `\n${plain(from.image)}` : ''}`, options),
    ...row('back to', back, options),
    ...row('because', plain(plan.reason), options),
    ...plan.warnings.map(({ text }) => `${paint.warn(paint.sign.warn)} ${plain(text)}`),
  ].join('\n');
}

/** What happens, in words: a line to keep, or what the line that moves says. */
export function rollbackEventWords(
  event: RollbackEvent,
  { service, to }: RollbackPlan,
  { paint, zone }: ViewOptions,
): { line: string | null; moving: string | null } {
  const good = paint.good(paint.sign.good);
  switch (event.kind) {
    case 'put back':
      return { line: `${good} The cluster has taken revision ${to?.number}.`, moving: null };
    case 'held': {
      const until = event.hold.until ? ` until ${clockTime(Date.parse(event.hold.until), zone)}` : '';
      return { line: `${good} GitHub answers: deploys of ${service} are on hold${until}.`, moving: null };
    }
    case 'not held':
      return {
        line: `${paint.warn(paint.sign.warn)} Deploys are NOT on hold: ${plain(event.why)} Tell the others.`,
        moving: null,
      };
    case 'pods': {
      const { ready, desired, revision } = event.workload;
      return {
        line: null,
        moving: `pods: ${ready} of ${desired} ready${revision ? `, on ${shortSha(plain(revision))}` : ''}`,
      };
    }
    case 'alert':
      return {
        line: null,
        moving:
          event.sample.values.length > 0
            ? `alert: still there (value ${event.sample.values.map(formatValue).join(', ')})`
            : 'alert: gone, looking once more',
      };
  }
}

/** How it ended, and what is left to do once GitHub is back. */
export function rollbackOutcomeView(
  plan: RollbackPlan,
  { hold, proof }: RollbackOutcome,
  options: ViewOptions,
): string {
  const { paint } = options;
  const { service, goal } = plan;
  const command = paint.command;
  const again = `${command(`oncall revert ${service} --to ${shortSha(plain(goal ?? ''))}`)}, so that its record agrees`;
  const later = hold ? again : `${command(`oncall hold ${service}`)} first, then ${again}`;
  return [
    ...(proof ? proofLines(proof, plan, options) : []),
    `${paint.sign.next} when GitHub is back: ${later}`,
    ...(proof?.recovered ? [`${paint.sign.next} next: ${command('oncall resolve')}`] : []),
  ].join('\n');
}

/** What the incident's timeline says when it is put back. */
export function rollbackStartNote({ service, from, to, goal, reason }: RollbackPlan): string {
  const start = from ? ` from ${shortSha(from.sha)}` : '';
  return `Put ${service} back in the cluster, past GitHub,${start} to ${shortSha(goal ?? '')} (revision ${to?.number}): ${reason}`;
}

/** What it says of how that ended. */
export function rollbackNote({ service, goal }: RollbackPlan, { proof }: RollbackOutcome): string {
  const what = `${service} runs ${shortSha(goal ?? '')} again, put back in the cluster.`;
  if (!proof?.recovered) return `${what} It has not recovered.`;
  return `${what} Recovered after ${formatDuration((proof.afterSeconds ?? 0) * 1000)}.`;
}
