import { plain } from '../text/plain.ts';
import { dayTime, formatDuration, relative } from '../text/time.ts';
import type { DeployEvent, DeployOutcome } from './carry-out-deploy.ts';
import { shortSha } from './deploy.ts';
import type { DeployPlan } from './deploy-plan.ts';
import { followLine } from './follow-view.ts';
import { heldBy } from './hold-view.ts';
import { changesText, row } from './plan-rows.ts';
import { changeName, runningNow, type ViewOptions } from './view.ts';
import { runProgress } from './watch-run.ts';

/** What a deploy would do, in the order in which a reader checks it. */
export function deployPlanView(plan: DeployPlan, options: ViewOptions): string {
  const { paint } = options;
  const { service, to, nothing, underWay } = plan;
  const sha = shortSha(plain(to.sha));
  if (nothing !== null) {
    return [
      `${paint.good(paint.sign.good)} Nothing to deploy. ${plain(nothing)}`,
      `${paint.sign.next} next: ${paint.command(`oncall deploys ${service}`)}`,
    ].join('\n');
  }
  if (underWay)
    return `A deploy of ${service} to ${sha} is already under way; following it instead of starting another.`;
  return [
    `${paint.strong(`Deploy ${service}`)} at ${paint.strong(sha)}${to.sha.startsWith(to.ref) ? '' : ` (${plain(to.ref)})`}`,
    ...row('now', fromText(plan, options), options),
    ...row('to', toText(plan, options), options),
    ...row(
      plan.between?.status === 'behind' ? 'takes out' : 'brings',
      plan.between && changesText(plan.between),
      options,
    ),
    ...row('checks', checksText(plan), options),
    ...row('by', byText(plan), options),
    ...row('hold', plan.hold && heldBy(plan.hold, options), options),
    ...plan.warnings.map(({ text }) => `${paint.warn(paint.sign.warn)} ${plain(text)}`),
  ].join('\n');
}

function fromText({ from }: DeployPlan, { zone, now }: ViewOptions): string {
  if (!from) return 'not known';
  const { deploy } = from;
  if (!deploy) return `${runningNow(from.now)} (no deploy of it is known)`;
  const at = Date.parse(deploy.succeededAt ?? deploy.startedAt);
  return `${runningNow(from.now)}\n${changeName(deploy)}\ndeployed ${relative(at, now)} (${dayTime(at, zone)})`;
}

function toText({ to }: DeployPlan, { zone, now }: ViewOptions): string {
  const at = Date.parse(to.at);
  return `${shortSha(plain(to.sha))}\n${plain(to.title)}, by ${plain(to.author)}\ncommitted ${relative(at, now)} (${dayTime(at, zone)})`;
}

function checksText({ checks }: DeployPlan): string | null {
  const { seen, total, failed, pending } = checks;
  if (!seen) return 'not known: this token may not see them';
  if (total === 0 || failed.length > 0 || pending.length > 0) return null;
  return total === 1 ? 'the one is good' : `all ${total} are good`;
}

function byText({ run, reason }: DeployPlan): string | null {
  return run && `${run.workflow} on ${plain(run.ref)} of ${run.repository}, because "${plain(reason)}"`;
}

/** What happens, in words: a line to keep, or what the line that moves says. */
export function deployEventWords(
  event: DeployEvent,
  plan: DeployPlan,
  options: ViewOptions,
): { line: string | null; moving: string | null } {
  const good = options.paint.good(options.paint.sign.good);
  const line = (text: string | null) => ({ line: text, moving: null });
  switch (event.kind) {
    case 'started':
      return line(`${good} ${event.attached ? 'Following' : 'Started'} ${options.paint.link(plain(event.run.url))}`);
    case 'ran':
      return line(`${good} The run succeeded after ${formatDuration(event.seconds * 1000)}.`);
    case 'moved':
      return { line: null, moving: `${plan.workflow}: ${plain(runProgress(event.state))}` };
    case 'pods': {
      const { ready, desired, revision } = event.workload;
      const on = revision ? `, on ${shortSha(plain(revision))}` : '';
      return { line: null, moving: `pods: ${ready} of ${desired} ready${on}` };
    }
    default:
      return line(followLine(event, `oncall deploy ${plan.service} --ref ${shortSha(plan.to.sha)}`, options));
  }
}

/** How it ended, and the next command; null where an error says it all. */
export function deployOutcomeView(plan: DeployPlan, outcome: DeployOutcome, { paint }: ViewOptions): string | null {
  const { service, to } = plan;
  const { run, pods } = outcome;
  const next = `${paint.sign.next} next:`;
  if (run.conclusion === null)
    return `${next} ${paint.command(`oncall deploy ${service} --ref ${shortSha(to.sha)}`)} follows it to its end`;
  if (!pods) return null;
  const sign = pods.serving ? paint.good(paint.sign.good) : paint.bad(paint.sign.bad);
  const runs = `${sign} The cluster runs ${shortSha(plain(pods.sha ?? to.sha))}: ${pods.ready} of ${pods.desired} pods ready.`;
  if (!pods.serving) return runs;
  return [
    runs,
    `${next} ${paint.command(`oncall graph ${service}`)}; if it does harm: ${paint.command(`oncall revert ${service}`)}`,
  ].join('\n');
}

/** What the incident's timeline says when a deploy is started; null when one was only followed. */
export function deployStartNote(plan: DeployPlan): string | null {
  if (plan.underWay) return null;
  const { service, from, to, hold, reason } = plan;
  const past = hold
    ? `, past the hold ${hold.by ? `by ${plain(hold.by)} ` : ''}(${plain(hold.reason ?? 'no reason given')})`
    : '';
  const start = from ? ` from ${shortSha(from.now.sha)}` : '';
  return `Started to deploy ${service}${start} to ${shortSha(to.sha)}${past}: ${plain(reason)}`;
}

/** What the timeline says of a deploy that has ended. */
export function deployNote({ service, to }: DeployPlan, { run, pods }: DeployOutcome): string {
  const sha = shortSha(to.sha);
  if (run.conclusion !== 'success') return `The deploy of ${service} to ${sha} did not go through.`;
  return `Deployed ${service} at ${sha}. ${pods?.serving ? 'The cluster runs it.' : 'It is not known to run.'}`;
}
