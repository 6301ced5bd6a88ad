import assert from 'node:assert/strict';
import { type ServedGithub, serveGithub } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };

describe('Actions variables in the sandbox', () => {
  let github: ServedGithub;

  beforeEach(async () => {
    github = await serveGithub();
  });
  afterEach(() => github.stop());

  it('are made, read, changed and deleted, by a name without regard to case', async () => {
    const { actions } = github.octokit();
    const variable = { ...repo, name: 'deploy_hold' };
    assert.equal((await actions.createRepoVariable({ ...variable, value: 'one' })).status, 201);
    assert.equal((await actions.getRepoVariable({ ...variable })).data.name, 'DEPLOY_HOLD');
    assert.equal((await actions.updateRepoVariable({ ...variable, value: 'two' })).status, 204);
    assert.equal((await actions.getRepoVariable(variable)).data.value, 'two');
    const listed = await actions.listRepoVariables(repo);
    assert.deepEqual(
      listed.data.variables.map((one) => one.name),
      ['DEPLOY_HOLD', 'REGISTRY'],
    );
    assert.equal((await actions.deleteRepoVariable(variable)).status, 204);
    await assert.rejects(actions.getRepoVariable(variable), { status: 404 });
  });

  it('cannot be made twice, nor changed or deleted before they exist, nor have a reserved name', async () => {
    const { actions } = github.octokit();
    const variable = { ...repo, name: 'DEPLOY_HOLD', value: 'x' };
    await assert.rejects(actions.updateRepoVariable(variable), { status: 404 });
    await assert.rejects(actions.deleteRepoVariable(variable), { status: 404 });
    await actions.createRepoVariable(variable);
    await assert.rejects(actions.createRepoVariable(variable), { status: 409, message: /^Already exists/ });
    await assert.rejects(actions.createRepoVariable({ ...variable, name: 'GITHUB_HOLD' }), { status: 422 });
  });
});

describe('deployments made through the API', () => {
  let github: ServedGithub;
  let older: string;

  beforeEach(async () => {
    github = await serveGithub();
    older = github.repositories.of('dolthubapi').history.main[1]?.sha ?? '';
  });
  afterEach(() => github.stop());

  const rollback = { auto_merge: false, required_contexts: [] };

  it('are recorded with the caller as creator, and deploy nothing by themselves', async () => {
    const { repos } = github.octokit();
    const made = await repos.createDeployment({ ...repo, ref: older, ...rollback, payload: { by: 'hand' } });
    assert.equal(made.status, 201);
    assert.ok('sha' in made.data);
    const deployment_id = made.data.id;
    assert.equal(made.data.production_environment, true);
    await repos.createDeploymentStatus({ ...repo, deployment_id, state: 'success', log_url: 'https://ci.test/1' });
    const { data: statuses } = await repos.listDeploymentStatuses({ ...repo, deployment_id });
    assert.deepEqual(
      [statuses[0]?.state, statuses[0]?.log_url, statuses[0]?.creator?.login],
      ['success', 'https://ci.test/1', 'sam-okafor'],
    );
    assert.deepEqual((await repos.listDeployments({ ...repo, sha: older })).data[0]?.payload, { by: 'hand' });
    assert.deepEqual(github.deployed, []);
  });

  it('of an older commit are a conflict as long as auto_merge is on, which is the default', async () => {
    const { repos } = github.octokit();
    await assert.rejects(repos.createDeployment({ ...repo, ref: older }), {
      status: 409,
      message: /^Conflict merging main into/,
    });
    await assert.rejects(repos.createDeployment({ ...repo, ref: 'main', required_contexts: ['deploy-gate'] }), {
      status: 409,
      message: /^Conflict: Commit status checks failed for main/,
    });
    await assert.rejects(repos.createDeployment({ ...repo, ref: 'gone', ...rollback }), {
      status: 422,
      message: /^No ref found for: gone/,
    });
  });

  it('outside production are made inactive by the next success, unless they are transient', async () => {
    const { repos } = github.octokit();
    const ids: number[] = [];
    for (const transient_environment of [false, true, false]) {
      const { data } = await repos.createDeployment({
        ...repo,
        ref: 'main',
        environment: 'staging',
        transient_environment,
      });
      assert.ok('sha' in data);
      ids.push(data.id);
      await repos.createDeploymentStatus({ ...repo, deployment_id: data.id, state: 'success' });
    }
    const last = async (deployment_id: number) =>
      (await repos.listDeploymentStatuses({ ...repo, deployment_id })).data[0]?.state;
    assert.deepEqual(await Promise.all(ids.map(last)), ['inactive', 'success', 'success']);
  });

  it('take no status that GitHub does not know', async () => {
    const { repos } = github.octokit();
    const { data } = await repos.listDeployments({ ...repo, per_page: 1 });
    const status = { ...repo, deployment_id: data[0]?.id ?? 0, state: 'done' as 'success' };
    await assert.rejects(repos.createDeploymentStatus(status), { status: 422, message: /^Validation Failed/ });
  });
});
