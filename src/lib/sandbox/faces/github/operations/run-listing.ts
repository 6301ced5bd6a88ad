import { Refusal } from '../../../world/repositories/refusal.ts';
import type { Run } from '../../../world/repositories/run.ts';
import { runBody } from '../bodies/run-body.ts';
import type { RepositoryCall } from '../call.ts';
import { createdFilter } from '../created-filter.ts';

/** As GitHub does, a filtered list ends after so many. */
const MOST_RESULTS = 1_000;

/** Answers with the runs that the query's filters leave over, newest first. */
export function listRuns({ call, repository }: RepositoryCall, wanted: (run: Run) => boolean): void {
  const { query } = call.exchange;
  const created = query.get('created');
  const isInSpan = created === null ? () => true : createdFilter(created);
  if (!isInSpan) {
    throw new Refusal('invalid', 'Validation Failed', [
      {
        resource: 'Search',
        field: 'created',
        code: 'invalid',
        message: `${created} is not a recognized date/time format`,
      },
    ]);
  }
  const matches = (name: string, ...values: readonly (string | null)[]): boolean => {
    const asked = query.get(name);
    return asked === null || values.includes(asked);
  };
  const runs = repository.runs.listed.filter(
    (run) =>
      wanted(run) &&
      isInSpan(run.createdAt) &&
      matches('status', run.status, run.conclusion) &&
      matches('event', run.event) &&
      matches('branch', run.headBranch) &&
      matches('actor', run.actor.login) &&
      matches('head_sha', run.headSha) &&
      matches('check_suite_id', String(run.suite)),
  );
  const body = (run: Run) => runBody(repository, run, call.at);
  call.counted(runs.slice(0, MOST_RESULTS), body, { key: 'workflow_runs', repository });
}
