import { callsText } from '../deploys/api-call.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import { formatDuration } from '../text/time.ts';
import { notRecovered } from './revert-outcome.ts';
import type { Clients } from './revert-scope.ts';
import { refuseWarnings } from './revert-warnings.ts';
import { carryOutRollback, type RollbackEvent, type RollbackTools } from './rollback.ts';
import { planRollback, type RollbackRequest, rollbackCalls } from './rollback-plan.ts';
import {
  type RollbackResult,
  rollbackEventWords,
  rollbackNote,
  rollbackOutcomeView,
  rollbackPlanView,
  rollbackResult,
  rollbackStartNote,
} from './rollback-view.ts';
import type { Answers, Teller } from './teller.ts';

export interface RollbackWalk {
  request: Omit<RollbackRequest, 'kubernetes'>;
  clients: Clients;
  tools: Pick<RollbackTools, 'clock' | 'signal' | 'follow' | 'verifyFor'>;
  answers: Answers;
}

/**
 * `oncall revert --via rollout` from the plan to the proof.
 * @throws CONFIG without a cluster; REFUSED for warnings that were not accepted; as the plan and its carrying out do
 */
export async function walkRollback(walk: RollbackWalk, teller: Teller): Promise<RollbackResult> {
  const { request, clients, tools, answers } = walk;
  const { kubernetes, github, prometheus } = clients;
  if (!kubernetes) {
    throw new OncallError('No cluster is configured, so nothing can be put back in it.', {
      code: 'CONFIG',
      hint: 'Add `kubernetes:` to oncall.yaml: `oncall config schema`',
    });
  }
  const plan = await planRollback({ ...request, kubernetes });
  for (const text of plan.cautions) teller.caution(plain(text));
  teller.say(rollbackPlanView(plan, teller.view()));
  if (answers.dryRun) teller.say(`\nIt would call:\n${callsText(rollbackCalls(plan))}`);
  if (answers.dryRun || plan.nothing !== null) return rollbackResult(plan, null);
  refuseWarnings(plan.warnings, answers);
  if (!answers.yes)
    await teller.agree(`Put ${plan.service} back in ${answers.environment}, past GitHub?`, plan.service);
  const { service, alert } = request.scope;
  const onEvent = async (event: RollbackEvent) => {
    const { line, moving } = rollbackEventWords(event, plan, teller.view());
    if (moving) teller.progress.update(moving);
    if (!line) return;
    teller.progress.done();
    teller.say(line);
    if (event.kind === 'put back') await teller.record({ timeline: rollbackStartNote(plan) });
  };
  const outcome = await carryOutRollback(plan, {
    ...{ ...tools, github, kubernetes, prometheus, service, alert, onEvent },
  }).finally(() => teller.progress.done());
  for (const text of outcome.proof?.cautions ?? []) teller.caution(plain(text));
  teller.say(rollbackOutcomeView(plan, outcome, teller.view()));
  if (tools.follow) await teller.record({ timeline: rollbackNote(plan, outcome) });
  const how = { done: 'The earlier revision is back', verifyWords: formatDuration(tools.verifyFor) };
  const failure = outcome.proof && notRecovered(plan, outcome.proof, how);
  if (failure) throw failure;
  return rollbackResult(plan, outcome);
}

/** Where GitHub is away, the cluster can still be put back by itself; an error that says so names the command. */
export function offerRollout(error: unknown, service: string): unknown {
  if (!(error instanceof OncallError) || !['UNAVAILABLE', 'RATE_LIMITED'].includes(error.code)) return error;
  return new OncallError(error.message, {
    code: error.code,
    hint: `${error.hint ? `${error.hint} ` : ''}Without GitHub: \`oncall revert ${service} --via rollout\` puts the last revision back in the cluster itself.`,
    cause: error.cause,
  });
}
