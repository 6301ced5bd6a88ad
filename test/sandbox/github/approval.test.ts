import assert from 'node:assert/strict';
import { type ServedGithub, serveGithub } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };

describe('a workflow run whose environment has reviewers', () => {
  let github: ServedGithub;
  let good: string;

  beforeEach(async () => {
    github = await serveGithub();
    good = github.repositories.of('dolthubapi').history.main[2]?.sha ?? '';
  });
  afterEach(() => github.stop());

  const dispatch = (workflow_id: string) => github.dispatch({ workflow_id, sha: good });
  const standing = (run_id: number) => github.standing(run_id);

  it('waits for a reviewer where one is required, and goes on when one approves', async () => {
    github.repositories.requireReviewers('dolthubapi', ['ana', 'tom']);
    const run_id = await dispatch('revert.yml');
    github.clock.advance(60_000);
    assert.equal(await standing(run_id), 'waiting');
    const pending = async (who: 'sam' | 'ana') =>
      (await github.octokit(who).actions.getPendingDeploymentsForRun({ ...repo, run_id })).data;
    assert.equal((await pending('sam'))[0]?.current_user_can_approve, false);
    const [gate] = await pending('ana');
    assert.equal(gate?.current_user_can_approve, true);
    const environment_ids = [gate?.environment.id ?? 0];
    const review = { ...repo, run_id, environment_ids, state: 'approved' as const, comment: 'go' };
    await assert.rejects(github.octokit('sam').actions.reviewPendingDeploymentsForRun(review), { status: 422 });
    const approved = await github.octokit('ana').actions.reviewPendingDeploymentsForRun(review);
    assert.equal(approved.data[0]?.environment, 'production-approval');
    github.clock.advance(60_000);
    assert.equal(await standing(run_id), 'success');
    assert.deepEqual(await pending('ana'), []);
  });

  it('keeps the deployments that GitHub makes for a gate apart, and retires them as it does outside production', async () => {
    github.repositories.requireReviewers('dolthubapi', ['ana']);
    const states: (string | undefined)[] = [];
    for (let i = 0; i < 2; i++) {
      const run_id = await dispatch('revert.yml');
      const [gate] = (await github.octokit().actions.getPendingDeploymentsForRun({ ...repo, run_id })).data;
      const environment_ids = [gate?.environment.id ?? 0];
      await github
        .octokit('ana')
        .actions.reviewPendingDeploymentsForRun({ ...repo, run_id, environment_ids, state: 'approved', comment: 'go' });
      github.clock.advance(60_000);
    }
    const { data } = await github.octokit().repos.listDeployments({ ...repo, environment: 'production-approval' });
    for (const { id: deployment_id } of data) {
      states.push((await github.octokit().repos.listDeploymentStatuses({ ...repo, deployment_id })).data[0]?.state);
    }
    assert.deepEqual(states, ['success', 'inactive']);
    assert.equal(
      data[0]?.sha,
      github.repositories.of('dolthubapi').history.head.sha,
      "the workflow's commit, not the input's",
    );
  });

  it('fails when its reviewer rejects it', async () => {
    github.repositories.requireReviewers('dolthubapi', ['ana']);
    const run_id = await dispatch('revert.yml');
    const { actions } = github.octokit('ana');
    const [gate] = (await actions.getPendingDeploymentsForRun({ ...repo, run_id })).data;
    const environment_ids = [gate?.environment.id ?? 0];
    await actions.reviewPendingDeploymentsForRun({
      ...repo,
      run_id,
      environment_ids,
      state: 'rejected',
      comment: 'no',
    });
    github.clock.advance(60_000);
    assert.equal(await standing(run_id), 'failure');
    assert.deepEqual(github.deployed, []);
  });
});
