import { callsText } from '../deploys/api-call.ts';
import { plain } from '../text/plain.ts';
import { formatDuration } from '../text/time.ts';
import { carryOutRevert, type RevertEvent, type RevertTools } from './revert.ts';
import { type RevertResult, revertFailure, revertNote, revertResult, startNote } from './revert-outcome.ts';
import { type PlanRequest, plannedCalls, planRevert } from './revert-plan.ts';
import type { Clients } from './revert-scope.ts';
import { eventWords, outcomeView, planView } from './revert-view.ts';
import { refuseWarnings } from './revert-warnings.ts';
import type { Answers, ApprovalFor, Teller } from './teller.ts';
import { offerRollout } from './walk-rollback.ts';

export interface RevertWalk {
  request: Omit<PlanRequest, 'github' | 'kubernetes'>;
  clients: Clients;
  tools: Pick<RevertTools, 'clock' | 'signal' | 'follow' | 'verifyFor'>;
  answers: Answers;
  approval: ApprovalFor;
  /** Remembers the run, so that a second call finds it before GitHub's lists do. */
  remember: (runId: number) => Promise<void>;
}

/**
 * `oncall revert` through the service's workflow, from the plan to the proof.
 * @throws REFUSED for warnings that were not accepted; as the plan and its carrying out do
 */
export async function walkRevert(walk: RevertWalk, teller: Teller): Promise<RevertResult> {
  const { clients, answers, tools } = walk;
  const { scope } = walk.request;
  const plan = await planRevert({ ...walk.request, ...clients }).catch((error: unknown) => {
    throw offerRollout(error, scope.service.name);
  });
  for (const text of plan.cautions) teller.caution(plain(text));
  teller.say(planView(plan, teller.view()));
  if (answers.dryRun) teller.say(`\nIt would call:\n${callsText(plannedCalls(plan))}`);
  if (answers.dryRun || plan.nothing !== null) return revertResult(plan, null);
  if (plan.run) {
    refuseWarnings(plan.warnings, answers);
    if (!answers.yes) await teller.agree(`Revert ${plan.service} in ${answers.environment}?`, plan.service);
  }
  const onEvent = async (event: RevertEvent) => {
    const { line, moving } = eventWords(event, plan, teller.view());
    if (moving) teller.progress.update(moving);
    if (line) teller.progress.done();
    if (line) teller.say(line);
    if (event.kind !== 'started') return;
    await walk.remember(event.run.id);
    await teller.record({ timeline: startNote(plan), link: event.run.url });
  };
  const approval = walk.approval(plan.reason);
  const outcome = await carryOutRevert(plan, { ...clients, ...scope, ...tools, approval, onEvent }).finally(() =>
    teller.progress.done(),
  );
  for (const text of outcome.proof?.cautions ?? []) teller.caution(plain(text));
  const ending = outcomeView(plan, outcome, teller.view());
  if (ending) teller.say(ending);
  if (tools.follow) await teller.record({ timeline: revertNote(plan, outcome), link: outcome.run.url });
  const failure = revertFailure(plan, outcome, formatDuration(tools.verifyFor));
  if (failure) throw failure;
  return revertResult(plan, outcome);
}
