import type { Answers, DraftService } from '../config/draft.ts';
import type { Discovery, FoundTeamService } from './discovery.ts';
import { upQuery } from './metrics.ts';

/**
 * What a new configuration says of the services: what was found of each, and what the user said of it, which comes first.
 * A namespace stands with a service only where it is not the common one.
 */
export function draftServices(
  said: Answers['services'],
  { services }: Discovery,
  namespace: string | null,
): DraftService[] {
  return said.map(({ name, repository }) => {
    const found = services.find((one) => one.name === name);
    if (!found) return { name, repository };
    return {
      name,
      repository: repository ?? found.repository,
      namespace: found.namespace === namespace ? null : found.namespace,
      selector: found.selector,
      deploy: found.deploy,
      revert: found.revert,
      queries: queriesOf(found),
      runbook: found.runbook,
    };
  });
}

function queriesOf({ name, upLabel }: FoundTeamService): NonNullable<DraftService['queries']> {
  return upLabel ? { instances: upQuery(name, upLabel) } : {};
}
