import assert from 'node:assert/strict';
import { type ServedGithub, serveGithub, TOKENS, UNDEPLOYED } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };
const TITLES = [
  'Cache repository statistics for a minute (#427)',
  'Add an index for pull request search (#418)',
  'Page through long branch lists (#403)',
  'Begin dolthubapi',
];

describe('GitHub in the sandbox, read with Octokit', () => {
  let github: ServedGithub;

  beforeEach(async () => {
    github = await serveGithub();
  });
  afterEach(() => github.stop());

  it('lists commits newest first, each by its author and committed by GitHub', async () => {
    const { data } = await github.octokit().repos.listCommits(repo);
    assert.deepEqual(
      data.map((one) => one.commit.message),
      TITLES,
    );
    assert.equal(data[0]?.author?.login, 'blindqvist');
    assert.equal(data[0]?.commit.committer?.email, 'noreply@github.com');
    assert.equal(data[0]?.parents[0]?.sha, data[1]?.sha);
    assert.match(data[0]?.sha ?? '', /^[0-9a-f]{40}$/);
  });

  it('gives the same commits for the same seed and others for another', async () => {
    const head = async (one: ServedGithub) => (await one.octokit().repos.getBranch({ ...repo, branch: 'main' })).data;
    const [twin, stranger] = await Promise.all([serveGithub(), serveGithub({ seed: 2 })]);
    const [mine, same, other] = await Promise.all([head(github), head(twin), head(stranger)]);
    await Promise.all([twin.stop(), stranger.stop()]);
    assert.equal(mine.commit.sha, same.commit.sha);
    assert.notEqual(mine.commit.sha, other.commit.sha);
  });

  it('pages through a list by links that name the repository by its id', async () => {
    const octokit = github.octokit();
    const first = await octokit.repos.listCommits({ ...repo, per_page: 3 });
    const { id } = (await octokit.repos.get(repo)).data;
    const address = `${github.baseUrl}/repositories/${id}/commits`;
    assert.equal(
      first.headers.link,
      `<${address}?per_page=3&page=2>; rel="next", <${address}?per_page=3&page=2>; rel="last"`,
    );
    const all = await octokit.paginate(octokit.repos.listCommits, { ...repo, per_page: 1 });
    assert.deepEqual(
      all.map((one) => one.commit.message),
      TITLES,
    );
  });

  it('pages through the lists that come with a count', async () => {
    const octokit = github.octokit();
    const runs = await octokit.paginate(octokit.actions.listWorkflowRunsForRepo, { ...repo, per_page: 2 });
    assert.equal(runs.length, 6);
    assert.deepEqual([...new Set(runs.map((run) => run.name))].sort(), ['CI', 'Deploy']);
  });

  it('narrows commits by path and by time', async () => {
    const octokit = github.octokit();
    const migrations = await octokit.repos.listCommits({ ...repo, path: 'migrations' });
    assert.deepEqual(
      migrations.data.map((one) => one.commit.message),
      [TITLES[1]],
    );
    const since = new Date(Date.now() - 7 * 24 * 3_600_000).toISOString();
    assert.equal((await octokit.repos.listCommits({ ...repo, since })).data.length, 2);
    assert.equal((await octokit.repos.listCommits({ ...repo, until: since })).data.length, 2);
  });

  it('finds a commit by branch, by sha and by a part of it, with its files and no patch', async () => {
    const octokit = github.octokit();
    const { data: head } = await octokit.repos.getCommit({ ...repo, ref: 'main' });
    const { data: same } = await octokit.repos.getCommit({ ...repo, ref: head.sha.slice(0, 7) });
    assert.equal(same.sha, head.sha);
    assert.deepEqual(
      head.files?.map((file) => file.filename),
      ['stats/cache.go', 'stats/cache_test.go'],
    );
    assert.ok(head.files?.every((file) => file.patch === undefined && file.changes > 0));
  });

  it('answers 422 for a commit that is not there, and 404 for a list from it', async () => {
    const ref = 'f'.repeat(40);
    await assert.rejects(github.octokit().repos.getCommit({ ...repo, ref }), {
      status: 422,
      message: new RegExp(`^No commit found for SHA: ${ref}`),
    });
    await assert.rejects(github.octokit().repos.listCommits({ ...repo, sha: ref }), { status: 404 });
  });

  it('finds the pull request that a commit came from', async () => {
    const octokit = github.octokit();
    const { data } = await octokit.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: 'main' });
    assert.deepEqual(
      data.map((pull) => [pull.number, pull.title, pull.user?.login, pull.state]),
      [[427, 'Cache repository statistics for a minute', 'blindqvist', 'closed']],
    );
    assert.equal((await octokit.pulls.get({ ...repo, pull_number: 427 })).data.merged, true);
    const files = await octokit.pulls.listFiles({ ...repo, pull_number: 427 });
    assert.deepEqual(
      files.data.map((file) => file.filename),
      ['stats/cache.go', 'stats/cache_test.go'],
    );
  });

  it('lists no pull requests unless closed ones are asked for', async () => {
    const octokit = github.octokit();
    assert.equal((await octokit.pulls.list(repo)).data.length, 0);
    const closed = await octokit.pulls.list({ ...repo, state: 'closed' });
    assert.deepEqual(
      closed.data.map((pull) => pull.number),
      [427, 418, 403],
    );
  });

  it('serves a workflow file in base64 and raw', async () => {
    const octokit = github.octokit();
    const path = '.github/workflows/deploy.yml';
    const { data } = await octokit.repos.getContent({ ...repo, path });
    assert.ok(!Array.isArray(data) && data.type === 'file' && 'content' in data);
    const text = Buffer.from(data.content, 'base64').toString('utf8');
    assert.match(text, /if: \$\{\{ vars\.DEPLOY_HOLD != '' && inputs\.override_hold != 'yes' \}\}/);
    const raw = await octokit.repos.getContent({ ...repo, path, mediaType: { format: 'raw' } });
    assert.equal(raw.data, text);
    await assert.rejects(octokit.repos.getContent({ ...repo, path: 'no/such' }), { status: 404 });
    const directory = await octokit.repos.getContent({ ...repo, path: '.github/workflows' });
    assert.ok(Array.isArray(directory.data) && directory.data.length === 3);
  });

  it('shows the past of production: deployments, their statuses, and the runs that made them', async () => {
    const octokit = github.octokit();
    const { data: deployments } = await octokit.repos.listDeployments({ ...repo, environment: 'production' });
    const { data: commits } = await octokit.repos.listCommits(repo);
    assert.deepEqual(
      deployments.map((one) => one.sha),
      commits.slice(0, 3).map((one) => one.sha),
    );
    for (const { id: deployment_id } of deployments) {
      const { data: statuses } = await octokit.repos.listDeploymentStatuses({ ...repo, deployment_id });
      assert.deepEqual(
        statuses.map((one) => one.state),
        ['success', 'in_progress', 'queued'],
      );
      const run_id = Number(statuses[0]?.log_url?.split('/').at(-1));
      const { data: run } = await octokit.actions.getWorkflowRun({ ...repo, run_id });
      assert.equal(run.conclusion, 'success');
      assert.equal(run.display_title, `Deploy ${run.head_sha}`);
      assert.ok(run.created_at < (statuses[0]?.created_at ?? ''));
    }
  });

  it('answers 304 to a caller that has the answer already, and does not count it', async () => {
    const address = `${github.baseUrl}/repos/dolthub/dolthubapi/commits`;
    const headers = { authorization: `Bearer ${TOKENS.sam.token}` };
    const first = await fetch(address, { headers });
    const again = await fetch(address, { headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' } });
    assert.equal(again.status, 304);
    assert.equal(again.headers.get('x-ratelimit-used'), first.headers.get('x-ratelimit-used'));
    github.repositories.push(UNDEPLOYED);
    const changed = await fetch(address, { headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' } });
    assert.equal(changed.status, 200);
  });
});

describe('a comparison of two commits', () => {
  let github: ServedGithub;

  before(async () => {
    github = await serveGithub();
  });
  after(() => github.stop());

  const compare = async (basehead: string) =>
    (await github.octokit().repos.compareCommitsWithBasehead({ ...repo, basehead })).data;

  it('lists what the later one has, oldest first, with every file once', async () => {
    const shas = github.repositories.of('dolthubapi').history.main.map((commit) => commit.sha);
    const ahead = await compare(`${shas[1]?.slice(0, 7)}...main`);
    assert.equal(ahead.status, 'ahead');
    assert.deepEqual([ahead.ahead_by, ahead.behind_by, ahead.total_commits], [2, 0, 2]);
    assert.deepEqual(
      ahead.commits.map((commit) => commit.sha),
      shas.slice(2),
    );
    assert.deepEqual(
      ahead.files?.map((file) => file.filename),
      ['migrations/0147_pull_search.sql', 'pulls/search.go', 'stats/cache.go', 'stats/cache_test.go'],
    );
  });

  it('is behind with nothing to show the other way round, and identical to itself', async () => {
    const base = github.repositories.of('dolthubapi').history.main[1]?.sha;
    const behind = await compare(`main...${base}`);
    assert.deepEqual([behind.status, behind.behind_by, behind.commits.length], ['behind', 2, 0]);
    assert.equal((await compare('main...main')).status, 'identical');
  });

  it('is diverged for a branch that was squashed away', async () => {
    const diverged = await compare('main...refs/pull/418/head');
    assert.deepEqual([diverged.status, diverged.ahead_by, diverged.behind_by], ['diverged', 1, 2]);
    assert.equal(diverged.merge_base_commit.commit.message, TITLES[2]);
  });

  it('is not found when either side is not', async () => {
    await assert.rejects(compare('main...nowhere'), { status: 404 });
  });
});
