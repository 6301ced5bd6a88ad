import assert from 'node:assert/strict';
import type { GitHub } from '../../../../src/lib/clients/github/github.ts';
import { connectGitHub } from '../../../../src/lib/clients/github/rest.ts';
import { connection, failing, unaborted } from '../../../support/connection.ts';
import { type ServedGithub, serveGithub, TOKENS, UNDEPLOYED } from '../../../support/serve-github.ts';

const API = 'dolthub/dolthubapi';

describe('GitHub, against the practice company', () => {
  let served: ServedGithub;
  let github: GitHub;
  beforeEach(async () => {
    served = await serveGithub();
    github = connect(served);
  });
  afterEach(() => served.stop());

  function connect({ baseUrl }: ServedGithub, token: keyof typeof TOKENS | null = 'sam'): GitHub {
    const settings = connection({ world: 'sandbox', github: { apiUrl: baseUrl } });
    return connectGitHub({ settings, token: async () => token && TOKENS[token].token, signal: unaborted() });
  }

  /** Commits of the default branch, oldest first. */
  function shas(): string[] {
    return served.repositories.of('dolthubapi').history.main.map(({ sha }) => sha);
  }

  it('says whose token it is and how long it lasts', async () => {
    assert.deepEqual(await github.whoAmI(), { login: 'sam-okafor', expiresAt: null, scopes: null });
    const { login, expiresAt } = await connect(served, 'reader').whoAmI();
    assert.equal(login, 'meitanaka');
    assert.equal(expiresAt, new Date(Math.floor(TOKENS.reader.expiresAt / 1000) * 1000).toISOString());
  });

  it('lists the workflows by their files', async () => {
    const files = (await github.workflows(API)).map(({ file }) => file);
    for (const file of ['deploy.yml', 'revert.yml']) assert.ok(files.includes(file), file);
    await assert.rejects(github.workflows('dolthub/nothing'), failing('NOT_FOUND', /workflows of dolthub\/nothing/));
  });

  it('tells deployments, newest first, with when they succeeded and by which run', async () => {
    const found = await github.deployments(API, { environment: 'production', limit: 2 });
    assert.equal(found.length, 2);
    const [last] = found;
    assert.equal(last?.sha, shas().at(-1));
    assert.equal(last?.state, 'succeeded');
    assert.ok(last?.succeededAt && last.succeededAt > last.createdAt);
    assert.match(last?.runUrl ?? '', /\/actions\/runs\/\d+$/);
    assert.ok(last.createdAt > (found[1]?.createdAt ?? ''));
    assert.deepEqual(await github.deployments(API, { environment: 'staging', limit: 2 }), []);
  });

  it('keeps a deployment that once succeeded so, whatever was said of it later', async () => {
    const [last] = await github.deployments(API, { environment: 'production', limit: 1 });
    const octokit = served.octokit();
    const report = { owner: 'dolthub', repo: 'dolthubapi', deployment_id: last?.id ?? 0 };
    await octokit.rest.repos.createDeploymentStatus({ ...report, state: 'inactive' });
    const [again] = await github.deployments(API, { environment: 'production', limit: 1 });
    assert.equal(again?.state, 'succeeded');
    assert.equal(again?.succeededAt, last?.succeededAt);
  });

  it('starts a workflow and names its run at once', async () => {
    const [target = ''] = shas();
    const inputs = { sha: target, reason: 'it crashes', nonce: 'n-1' };
    const started = await github.dispatch(API, { workflow: 'revert.yml', ref: 'main', inputs });
    assert.ok(started);
    const run = await github.run(API, started.runId);
    assert.equal(run.url, started.url);
    assert.deepEqual(
      [run.title, run.workflow, run.event, run.actor, run.status, run.conclusion, run.branch],
      [`Revert to ${target} n-1`, 'revert.yml', 'workflow_dispatch', 'sam-okafor', 'queued', null, 'main'],
    );
    const [queued] = await github.steps(API, started.runId);
    assert.equal(queued?.status, 'queued');
    for (let i = 0; i < 60; i++) served.clock.advance(1000);
    assert.equal((await github.run(API, started.runId)).conclusion, 'success');
    const steps = await github.steps(API, started.runId);
    assert.ok(steps.some(({ name, conclusion }) => name === 'Wait for the rollout' && conclusion === 'success'));
    assert.deepEqual(
      served.deployed.map(({ sha }) => sha),
      [target],
    );
  });

  it('starts it once on an older server too, and finds the run by its nonce', async () => {
    await served.stop();
    served = await serveGithub({ knowsRunDetails: false });
    github = connect(served);
    const createdAfter = new Date().toISOString();
    const inputs = { sha: shas()[0] ?? '', nonce: 'n-2' };
    assert.equal(await github.dispatch(API, { workflow: 'revert.yml', ref: 'main', inputs }), null);
    const query = { workflow: 'revert.yml', nonce: 'n-2', createdAfter };
    assert.equal(await github.findRun(API, query), null);
    served.clock.advance(2000);
    assert.match((await github.findRun(API, query))?.title ?? '', / n-2$/);
    assert.equal(await github.findRun(API, { ...query, nonce: 'n-3' }), null);
    assert.equal((await github.runs(API, { workflow: 'revert.yml', limit: 100 })).length, 1);
  });

  it("gives GitHub's words when it refuses to start one", async () => {
    const request = { workflow: 'revert.yml', ref: 'main', inputs: { sha: 'x', extra: 'y' } };
    await assert.rejects(github.dispatch(API, request), failing('FAILED', /Unexpected inputs provided.*gh run list/));
    await assert.rejects(
      github.dispatch(API, { ...request, workflow: 'rollback.yml' }),
      failing('NOT_FOUND', /does not have workflow rollback.yml of dolthub\/dolthubapi/),
    );
    assert.equal((await github.runs(API, { workflow: 'revert.yml', limit: 10 })).length, 0);
  });

  it('tells what lies between two commits, and the pull requests without asking for each', async () => {
    const all = shas();
    const [base = '', head = ''] = [all[1], all.at(-1)];
    const between = await github.compare(API, { base, head });
    assert.equal(between.status, 'ahead');
    assert.equal(between.truncated, false);
    assert.deepEqual(
      between.commits.map(({ sha }) => sha),
      all.slice(2),
    );
    assert.deepEqual(
      between.pulls.map(({ title }) => title),
      ['Add an index for pull request search', 'Cache repository statistics for a minute'],
    );
    assert.ok(between.files.includes('migrations/0147_pull_search.sql'));
    assert.match(between.pulls[0]?.url ?? '', /dolthub\/dolthubapi\/pull\/\d+$/);
    assert.equal(between.pulls[0]?.author, 'meitanaka');
  });

  it('tells commits, newest first, and one by its sha', async () => {
    served.repositories.push(UNDEPLOYED);
    const [newest, next] = await github.commits(API, { limit: 2 });
    assert.equal(newest?.title, `${UNDEPLOYED.title} (#${UNDEPLOYED.pull})`);
    assert.equal(newest?.author, 'anaduarte');
    assert.deepEqual(await github.commit(API, next?.sha ?? ''), next);
    const after = new Date(Date.parse(next?.at ?? '') + 1000).toISOString();
    const until = await github.commits(API, { limit: 1, until: after });
    assert.deepEqual(until, [next]);
    await assert.rejects(github.commit(API, 'f'.repeat(40)), failing('FAILED', /No commit found for SHA/));
  });

  it('sets, reads and deletes a variable', async () => {
    assert.equal(await github.variable(API, 'DEPLOY_HOLD'), null);
    await github.setVariable(API, 'DEPLOY_HOLD', '{"reason":"one"}');
    await github.setVariable(API, 'DEPLOY_HOLD', '{"reason":"two"}');
    assert.equal(await github.variable(API, 'DEPLOY_HOLD'), '{"reason":"two"}');
    await github.deleteVariable(API, 'DEPLOY_HOLD');
    await github.deleteVariable(API, 'DEPLOY_HOLD');
    assert.equal(await github.variable(API, 'DEPLOY_HOLD'), null);
  });

  it('reads a file of the default branch', async () => {
    assert.equal(await github.defaultBranch(API), 'main');
    assert.match((await github.file(API, '.github/workflows/deploy.yml')) ?? '', /^name: Deploy\n/);
    assert.equal(await github.file(API, 'no/such/file'), null);
    assert.equal(await github.file(API, '.github/workflows'), null);
  });

  it('says which permission a token lacks', async () => {
    const reader = connect(served, 'reader');
    await assert.rejects(
      reader.setVariable(API, 'DEPLOY_HOLD', 'x'),
      failing('AUTH', /Resource not accessible by personal access token.*permission actions_variables: write/),
    );
    await assert.rejects(
      reader.deployments(API, { environment: 'production', limit: 1 }),
      failing('AUTH', /deployments: read/),
    );
  });

  it('asks for a sign-in without a token, and with one that has expired', async () => {
    await assert.rejects(connect(served, null).whoAmI(), failing('AUTH', /no GitHub token.*gh auth login/));
    await assert.rejects(
      connect(served, 'expired').whoAmI(),
      failing('AUTH', /wrong, expired or revoked.*gh auth login --hostname/),
    );
  });

  it('says when to try again once the rate limit is used up', async () => {
    const hurried = connect(served, 'hurried');
    for (let i = 0; i < 3; i++) await hurried.defaultBranch(API);
    await assert.rejects(
      hurried.defaultBranch(API),
      failing('RATE_LIMITED', /used up \(3 requests an hour\).*Try again in 6[01] min, at \d{4}-\d\d-\d\dT/),
    );
  });

  it('does not have what it does not show', async () => {
    await assert.rejects(
      github.defaultBranch('dolthub/doltapi'),
      failing('NOT_FOUND', /repository dolthub\/doltapi, or this token may not see it.*gh repo view/),
    );
    await assert.rejects(github.run(API, 1), failing('NOT_FOUND', /run 1 of dolthub\/dolthubapi/));
  });
});
