import type { ApiCall } from './api-call.ts';
import type { DeployOutcome } from './carry-out-deploy.ts';
import { type DeployPlan, deployCalls } from './deploy-plan.ts';

/** What `oncall deploy` gives as data. */
export interface DeployResult extends Omit<DeployPlan, 'cautions' | 'run' | 'underWay' | 'stuck'> {
  outcome: 'nothing to deploy' | 'planned' | 'started' | 'deployed';
  /** Null when nothing was started or followed. */
  run: DeployOutcome['run'] | null;
  attached: boolean;
  pods: DeployOutcome['pods'];
  /** What would be sent, or was. */
  calls: ApiCall[];
}

/** A plan, and what became of it, as data. */
export function deployResult(plan: DeployPlan, outcome: DeployOutcome | null): DeployResult {
  const { cautions: _, stuck: __, underWay, run: ___, ...rest } = plan;
  const done = outcome?.pods ? 'deployed' : 'started';
  return {
    ...rest,
    outcome: plan.nothing !== null ? 'nothing to deploy' : outcome ? done : 'planned',
    run: outcome?.run ?? null,
    attached: underWay !== null,
    pods: outcome?.pods ?? null,
    calls: deployCalls(plan),
  };
}
