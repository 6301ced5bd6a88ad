import assert from 'node:assert/strict';
import { type ServedGithub, serveGithub, UNDEPLOYED } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };

describe('a workflow run', () => {
  let github: ServedGithub;
  let good: string;

  beforeEach(async () => {
    github = await serveGithub();
    good = github.repositories.of('dolthubapi').history.main[2]?.sha ?? '';
  });
  afterEach(() => github.stop());

  const dispatch = (workflow_id: string, sha = good) => github.dispatch({ workflow_id, sha });
  const standing = (run_id: number) => github.standing(run_id);
  const run = async (run_id: number) => (await github.octokit().actions.getWorkflowRun({ ...repo, run_id })).data;
  const steps = async (run_id: number) => {
    const { data } = await github.octokit().actions.listJobsForWorkflowRun({ ...repo, run_id });
    return Object.fromEntries((data.jobs[0]?.steps ?? []).map((step) => [step.name, step.conclusion ?? step.status]));
  };
  const newest = async () => {
    const [deployment] = (await github.octokit().repos.listDeployments({ ...repo, environment: 'production' })).data;
    const deployment_id = deployment?.id ?? 0;
    const { data } = await github.octokit().repos.listDeploymentStatuses({ ...repo, deployment_id });
    return { deployment, states: data.map((status) => status.state) };
  };

  it('is queued, goes through its steps, deploys, waits for the rollout and succeeds', async () => {
    const id = await dispatch('revert.yml');
    assert.equal(await standing(id), 'queued');
    assert.deepEqual(await steps(id), {});
    github.clock.advance(3_000);
    assert.equal(await standing(id), 'queued');
    github.clock.advance(1_500);
    assert.equal(await standing(id), 'in_progress');
    assert.equal((await steps(id))['Deploy'], 'queued');
    assert.deepEqual(github.deployed, []);
    github.clock.advance(10_000);
    assert.deepEqual(github.deployed, [{ service: 'dolthubapi', sha: good, actor: 'sam-okafor' }]);
    assert.equal((await steps(id))['Wait for the rollout'], 'in_progress');
    assert.deepEqual((await newest()).states, ['in_progress', 'queued']);
    github.clock.advance(10_000);
    assert.equal(await standing(id), 'success');
    const done = await newest();
    assert.deepEqual(done.states, ['success', 'in_progress', 'queued']);
    assert.equal(done.deployment?.sha, good);
    assert.equal(done.deployment?.creator?.login, 'github-actions[bot]');
    assert.equal((await steps(id))['Report failure'], 'skipped');
  });

  it('leaves earlier deployments to production as they are: none becomes inactive', async () => {
    await dispatch('revert.yml');
    github.clock.advance(60_000);
    const { data } = await github.octokit().repos.listDeployments({ ...repo, environment: 'production' });
    assert.equal(data.length, 4);
    for (const { id: deployment_id } of data) {
      const statuses = await github.octokit().repos.listDeploymentStatuses({ ...repo, deployment_id });
      assert.equal(statuses.data[0]?.state, 'success');
    }
  });

  it('fails at the step that is told to fail, once, without its effect', async () => {
    github.repositories.failNext({ workflow: 'revert.yml', step: 'Deploy' });
    const id = await dispatch('revert.yml');
    github.clock.advance(60_000);
    assert.equal(await standing(id), 'failure');
    assert.deepEqual(github.deployed, []);
    const after = await steps(id);
    assert.deepEqual(
      [after['Deploy'], after['Wait for the rollout'], after['Report failure']],
      ['failure', 'skipped', 'success'],
    );
    assert.equal((await newest()).states[0], 'failure');
    const next = await dispatch('revert.yml');
    github.clock.advance(60_000);
    assert.equal(await standing(next), 'success');
  });

  it('fails when the rollout does not end within ten minutes', async () => {
    github.jam();
    const id = await dispatch('deploy.yml');
    github.clock.advance(9 * 60_000);
    assert.equal(await standing(id), 'in_progress');
    github.clock.advance(2 * 60_000);
    assert.equal(await standing(id), 'failure');
    assert.equal((await newest()).states[0], 'failure');
  });

  it('fails to check out a shortened sha, as actions/checkout does', async () => {
    const id = await dispatch('revert.yml', good.slice(0, 7));
    github.clock.advance(60_000);
    assert.equal(await standing(id), 'failure');
    assert.equal((await steps(id))['Check out'], 'failure');
    assert.deepEqual(github.deployed, []);
  });

  it('deploys nothing while the hold is set, unless it is a revert', async () => {
    await github.octokit().actions.createRepoVariable({ ...repo, name: 'DEPLOY_HOLD', value: 'rolled back' });
    const deploy = await dispatch('deploy.yml');
    const revert = await dispatch('revert.yml');
    github.clock.advance(60_000);
    assert.equal(await standing(deploy), 'failure');
    const held = await steps(deploy);
    assert.deepEqual(
      [held['Read the hold'], held['Deploy'], held['Report failure']],
      ['failure', 'skipped', 'skipped'],
    );
    assert.equal(await standing(revert), 'success');
    assert.equal(github.deployed.length, 1);
  });

  it('does not see a hold that is set after it was queued', async () => {
    const id = await dispatch('deploy.yml');
    await github.octokit().actions.createRepoVariable({ ...repo, name: 'DEPLOY_HOLD', value: 'too late' });
    github.clock.advance(60_000);
    assert.equal(await standing(id), 'success');
  });

  it('waits for the run before it, and a newer one cancels the one that waits', async () => {
    const first = await dispatch('deploy.yml');
    const second = await dispatch('deploy.yml');
    assert.equal(await standing(second), 'pending');
    const third = await dispatch('revert.yml');
    assert.deepEqual(
      [await standing(first), await standing(second), await standing(third)],
      ['queued', 'cancelled', 'pending'],
    );
    github.clock.advance(30_000);
    assert.deepEqual([await standing(first), await standing(third)], ['success', 'in_progress']);
    github.clock.advance(30_000);
    assert.equal(await standing(third), 'success');
    assert.equal(github.deployed.length, 2);
  });

  it('can be cancelled while it runs, not when it is over', async () => {
    const { actions } = github.octokit();
    github.jam();
    const run_id = await dispatch('revert.yml');
    github.clock.advance(18_000);
    assert.equal((await actions.cancelWorkflowRun({ ...repo, run_id })).status, 202);
    github.clock.advance(5_000);
    assert.equal(await standing(run_id), 'cancelled');
    const after = await steps(run_id);
    assert.deepEqual(
      [after['Wait for the rollout'], after['Report success'], after['Report failure']],
      ['cancelled', 'skipped', 'success'],
    );
    await assert.rejects(actions.cancelWorkflowRun({ ...repo, run_id }), {
      status: 409,
      message: /^Cannot cancel a workflow run that is completed\./,
    });
  });

  it('can be run again with the same inputs, by someone else, under the same id', async () => {
    const { actions } = github.octokit('ana');
    const [deployment] = (
      await actions.listWorkflowRuns({ ...repo, workflow_id: 'deploy.yml' })
    ).data.workflow_runs.slice(1);
    const run_id = deployment?.id ?? 0;
    assert.equal((await actions.reRunWorkflow({ ...repo, run_id })).status, 201);
    await assert.rejects(actions.reRunWorkflow({ ...repo, run_id }), {
      status: 403,
      message: /^This workflow is already running/,
    });
    github.clock.advance(60_000);
    const again = await run(run_id);
    assert.deepEqual([again.conclusion, again.run_attempt, again.triggering_actor?.login], ['success', 2, 'anaduarte']);
    assert.equal(again.actor?.login, 'meitanaka');
    assert.deepEqual(
      github.deployed.map((one) => one.sha),
      [deployment?.head_sha],
    );
    const jobs = await actions.listJobsForWorkflowRun({ ...repo, run_id, filter: 'all' });
    assert.deepEqual(
      jobs.data.jobs.map((job) => job.run_attempt),
      [2, 1],
    );
  });

  it('of CI starts with a push and ends some two minutes later', async () => {
    const { sha } = github.repositories.push(UNDEPLOYED);
    const { data } = await github.octokit().actions.listWorkflowRunsForRepo({ ...repo, head_sha: sha });
    const id = data.workflow_runs[0]?.id ?? 0;
    assert.deepEqual([data.total_count, data.workflow_runs[0]?.event], [1, 'push']);
    assert.equal(await standing(id), 'queued');
    github.clock.advance(3 * 60_000);
    assert.equal(await standing(id), 'success');
  });

  it('is filtered by status, branch and time of creation', async () => {
    const id = await dispatch('revert.yml');
    github.clock.advance(5_000);
    const { actions } = github.octokit();
    const ids = async (query: object) =>
      (await actions.listWorkflowRunsForRepo({ ...repo, ...query })).data.workflow_runs.map((one) => one.id);
    assert.deepEqual(await ids({ status: 'in_progress' }), [id]);
    assert.deepEqual(await ids({ branch: 'other' }), []);
    const day = new Date((await run(id)).created_at).toISOString().slice(0, 10);
    assert.deepEqual(await ids({ created: `${day}..*` }), [id]);
    assert.equal((await ids({ created: `<${day}` })).length, 6);
    await assert.rejects(ids({ created: 'lately' }), { status: 422 });
  });
});
