import type { GitHub } from '../clients/github/github.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { Asking } from './asking.ts';
import { nameCommits } from './commit-facts.ts';
import type { DeployRecord, NamedDeploy } from './deploy.ts';
import { fromDeployments, fromRuns, newestFirst } from './records.ts';

export type HistorySource = 'deployments' | 'workflow runs' | 'replica sets';

/** What went out, as one source tells it. */
export interface History {
  source: HistorySource;
  /** Newest first. */
  deploys: NamedDeploy[];
}

/** @returns null when GitHub cannot be asked, or knows of no deploy. @throws what it said, when it told nothing at all */
export async function fromGithub(
  { service, github }: { service: Service; github: GitHub | null },
  { limit, asking }: { limit: number; asking: Asking },
): Promise<History | null> {
  const { repository, githubEnvironment, workflows } = service;
  if (!github || !repository) return null;
  const named = async (source: HistorySource, records: DeployRecord[]) => {
    const { deploys } = await nameCommits(newestFirst(records), { service: service.name, repository, github });
    return { source, deploys };
  };
  const query = { environment: githubEnvironment, limit };
  let refused: OncallError | null = null;
  const told = await github.deployments(repository, query).catch((error: unknown) => {
    refused = passable(error);
    return [];
  });
  if (told.length > 0) return named('deployments', fromDeployments(told));
  const runs = await Promise.all(
    [...new Set([workflows.deploy, workflows.revert])].map((workflow) =>
      github.runs(repository, { workflow, limit }).catch((error: unknown) => {
        refused ??= passable(error);
        return [];
      }),
    ),
  );
  if (refused && runs.flat().length === 0) throw refused;
  if (refused) asking.note(`GitHub did not tell its deployments: ${(refused as OncallError).message}`);
  return runs.flat().length > 0 ? named('workflow runs', fromRuns(runs.flat())) : null;
}

/** The error as one that can be passed over. @throws any other, and INTERRUPTED */
export function passable(error: unknown): OncallError {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return error;
  throw error;
}
