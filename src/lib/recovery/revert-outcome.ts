import type { ApiCall } from '../deploys/api-call.ts';
import { shortSha } from '../deploys/deploy.ts';
import { OncallError } from '../errors.ts';
import { formatDuration } from '../text/time.ts';
import type { RevertOutcome } from './revert.ts';
import { plannedCalls, type RevertPlan } from './revert-plan.ts';
import type { Proof } from './revert-proof.ts';

/** What `oncall revert` gives as data. */
export interface RevertResult extends Omit<RevertPlan, 'cautions' | 'run' | 'underWay'> {
  outcome: 'nothing to revert' | 'planned' | 'started' | 'recovered';
  /** Null when nothing was started or followed. */
  run: RevertOutcome['run'] | null;
  attached: boolean;
  proof: RevertOutcome['proof'];
  /** What would be sent, or was. */
  calls: ApiCall[];
}

/** A plan, and what became of it, as data. */
export function revertResult(plan: RevertPlan, outcome: RevertOutcome | null): RevertResult {
  const { cautions: _, underWay, run: __, ...rest } = plan;
  return {
    ...rest,
    outcome:
      plan.nothing !== null ? 'nothing to revert' : !outcome ? 'planned' : outcome.proof ? 'recovered' : 'started',
    run: outcome?.run ?? null,
    attached: underWay !== null,
    proof: outcome?.proof ?? null,
    calls: plannedCalls(plan),
  };
}

/**
 * The error that an outcome stands for; null when all is well.
 * FAILED: the run did not succeed. NOT_VERIFIED: it did, and the service has not recovered.
 */
export function revertFailure(
  plan: RevertPlan,
  { run, proof }: RevertOutcome,
  verifyWords: string,
): OncallError | null {
  if (run.conclusion !== null && run.conclusion !== 'success') return runFailed(plan, run);
  return proof && notRecovered(plan, proof, { done: 'The revert is done', verifyWords });
}

/**
 * The error for a service that went back and has not recovered; null when it has.
 * @param how `done` says what was done, e.g. `The revert is done`
 */
export function notRecovered(
  { service, further }: Pick<RevertPlan, 'service' | 'further'>,
  proof: Proof,
  how: { done: string; verifyWords: string },
): OncallError | null {
  if (proof.recovered) return null;
  const { done, verifyWords } = how;
  const others = [
    further ? `go further back: \`oncall revert ${service} --to ${further}\`` : null,
    `let deploys go on: \`oncall release ${service}\``,
    'get help: `oncall escalate`',
  ].filter(Boolean);
  const hint = `Look for another cause with \`oncall logs ${service}\`; or ${others.join('; ')}.`;
  const { pods } = proof;
  if (pods && !pods.serving) {
    return new OncallError(
      `${done}, but after ${verifyWords} the cluster does not run it fully: ${pods.ready} of ${pods.desired} pods ready${pods.sha ? `, on ${shortSha(pods.sha)}` : ''}.`,
      { code: 'NOT_VERIFIED', hint },
    );
  }
  const symptom =
    proof.by === 'alert' && proof.stillFiring !== null
      ? `${done}, and the symptom remains after ${verifyWords}: it was probably not this change.`
      : `${done}, but whether it helped could not be seen within ${verifyWords}.`;
  return new OncallError(symptom, { code: 'NOT_VERIFIED', hint });
}

function runFailed({ service, repository }: RevertPlan, run: RevertOutcome['run']): OncallError {
  const what =
    run.conclusion === 'cancelled'
      ? 'was cancelled (a newer run in its queue does that, too)'
      : `ended with ${run.conclusion}`;
  const step = run.failedStep ? ` at "${run.failedStep}"` : '';
  return new OncallError(`The revert of ${service} did not go through: its run ${what}${step}. ${run.url}`, {
    code: 'FAILED',
    hint: `Read why with \`gh run view ${run.id} -R ${repository} --log-failed\`, then try again with \`oncall revert ${service}\`, or get help with \`oncall escalate\`.`,
  });
}

/** What the incident's timeline says when a revert is started; null when one was only followed. */
export function startNote(plan: RevertPlan): string | null {
  return plan.underWay ? null : `Started to revert ${fromTo(plan)}.`;
}

/** What the incident's timeline says of a revert that has ended. Its run is linked beside it. */
export function revertNote(plan: RevertPlan, { run, proof }: RevertOutcome): string {
  if (run.conclusion !== 'success') return `The revert of ${fromTo(plan)} did not go through.`;
  if (!proof?.recovered) return `Reverted ${fromTo(plan)}. It has not recovered.`;
  return `Reverted ${fromTo(plan)}. Recovered after ${formatDuration((proof.afterSeconds ?? 0) * 1000)}.`;
}

function fromTo({ service, from, goal, underWay }: RevertPlan): string {
  const start = from && !underWay ? ` from ${shortSha(from.now.sha)}` : '';
  return `${service}${start} to ${shortSha(goal ?? 'an earlier version')}`;
}
