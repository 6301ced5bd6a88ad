import assert from 'node:assert/strict';
import { type ServedGithub, serveGithub, UNDEPLOYED } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };
const README = 'README.md';

describe('the git database and pull requests in the sandbox', () => {
  let github: ServedGithub;
  beforeEach(async () => {
    github = await serveGithub();
  });
  afterEach(() => github.stop());

  const head = async () =>
    (await github.octokit('maintainer').git.getRef({ ...repo, ref: 'heads/main' })).data.object.sha;
  /** A commit of one file on a new branch. */
  async function propose(branch: string, files: Record<string, string>): Promise<string> {
    const { git } = github.octokit('maintainer');
    const parent = await head();
    const base_tree = (await git.getCommit({ ...repo, commit_sha: parent })).data.tree.sha;
    const entries = Object.entries(files).map(([path, content]) => {
      return { path, content, mode: '100644' as const, type: 'blob' as const };
    });
    const tree = (await git.createTree({ ...repo, base_tree, tree: entries })).data.sha;
    const { sha } = (await git.createCommit({ ...repo, message: 'Change it', tree, parents: [parent] })).data;
    await git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha });
    return sha;
  }
  const textOf = async (ref: string, path = README) => {
    const { data } = await github.octokit().repos.getContent({ ...repo, path, ref });
    return 'content' in data ? Buffer.from(data.content, 'base64').toString('utf8') : null;
  };

  it('keep a file on its branch until it is merged, and main as it was', async () => {
    const before = await textOf('main');
    await propose('change', { [README]: 'new\n' });
    assert.equal(await textOf('change'), 'new\n');
    assert.equal(await textOf('main'), before);
    const { pulls } = github.octokit('maintainer');
    const { data: pull } = await pulls.create({ ...repo, title: 'New words', head: 'change', base: 'main' });
    assert.deepEqual([pull.state, pull.merged, pull.mergeable, pull.changed_files], ['open', false, true, 1]);
    const merged = await pulls.merge({ ...repo, pull_number: pull.number, merge_method: 'squash' });
    assert.equal(await head(), merged.data.sha);
    assert.equal(await textOf('main'), 'new\n');
    assert.equal((await pulls.get({ ...repo, pull_number: pull.number })).data.merged, true);
    await assert.rejects(github.octokit().repos.getBranch({ ...repo, branch: 'change' }), { status: 404 });
    const [commit] = (await github.octokit().repos.listCommits({ ...repo, per_page: 1 })).data;
    assert.equal(commit?.commit.message, `New words (#${pull.number})`);
  });

  it('refuse a second branch or request of one name, an unknown commit, and nothing to merge', async () => {
    const { git, pulls } = github.octokit('maintainer');
    const sha = await propose('change', { [README]: 'new\n' });
    await assert.rejects(git.createRef({ ...repo, ref: 'refs/heads/change', sha }), /Reference already exists/);
    await assert.rejects(git.createRef({ ...repo, ref: 'refs/heads/x', sha: 'f'.repeat(40) }), /Object does not exist/);
    await assert.rejects(git.updateRef({ ...repo, ref: 'heads/nope', sha }), /Reference does not exist/);
    await assert.rejects(git.updateRef({ ...repo, ref: 'heads/change', sha: await head() }), /not a fast forward/);
    const request = { ...repo, title: 'x', head: 'change', base: 'main' };
    await pulls.create(request);
    await assert.rejects(pulls.create(request), /A pull request already exists for dolthub:change/);
    await git.createRef({ ...repo, ref: 'refs/heads/same', sha: await head() });
    await assert.rejects(pulls.create({ ...request, head: 'same' }), /No commits between main and same/);
    await assert.rejects(pulls.create({ ...request, head: 'nope' }), { status: 422 });
  });

  it('do not merge what both sides changed, nor by a method that is switched off', async () => {
    const { pulls } = github.octokit('maintainer');
    await propose('one', { [README]: 'one\n' });
    await propose('two', { [README]: 'two\n' });
    const [one, two] = await Promise.all(
      ['one', 'two'].map(
        async (branch) => (await pulls.create({ ...repo, title: branch, head: branch, base: 'main' })).data.number,
      ),
    );
    await assert.rejects(pulls.merge({ ...repo, pull_number: one ?? 0 }), { status: 405 });
    await pulls.merge({ ...repo, pull_number: one ?? 0, merge_method: 'squash' });
    const { data } = await pulls.get({ ...repo, pull_number: two ?? 0 });
    assert.deepEqual([data.mergeable, data.mergeable_state], [false, 'dirty']);
    await assert.rejects(pulls.merge({ ...repo, pull_number: two ?? 0, merge_method: 'squash' }), { status: 405 });
  });

  it('want a permission for contents, and one more for workflow files', async () => {
    const { git } = github.octokit('sam');
    await assert.rejects(git.createTree({ ...repo, tree: [] }), { status: 403 });
    const files = { '.github/workflows/new.yml': 'name: New\non: push\njobs: {}\n' };
    const sha = await propose('flows', files);
    await assert.rejects(
      github.octokit('writer').git.createRef({ ...repo, ref: 'refs/heads/again', sha }),
      /Resource not accessible by personal access token/,
    );
  });

  it('write a file by its own commit, and refuse to do so blindly', async () => {
    const { repos } = github.octokit('maintainer');
    const content = Buffer.from('words\n').toString('base64');
    const about = { ...repo, path: README, message: 'Words', content };
    await assert.rejects(repos.createOrUpdateFileContents(about), /"sha" wasn't supplied/);
    await assert.rejects(repos.createOrUpdateFileContents({ ...about, sha: 'f'.repeat(40) }), { status: 409 });
    const { data } = await repos.getContent({ ...repo, path: README });
    const sha = 'sha' in data ? data.sha : '';
    await repos.createOrUpdateFileContents({ ...about, sha });
    assert.equal(await textOf('main'), 'words\n');
  });

  it('make a workflow known once its file is on main, and run its jobs in the order of their needs', async () => {
    const job = (more: string) => `{runs-on: x, ${more}, steps: [{run: echo}]}`;
    const text = `name: Chain\non: workflow_dispatch\njobs:\n  last: ${job('needs: [first, failing]')}\n  first: ${job('name: One')}\n  failing: {runs-on: x, needs: first, steps: [{run: "exit 1"}]}\n  after: ${job("needs: failing, if: 'always()'")}\n`;
    await propose('chain', { '.github/workflows/chain.yml': text });
    const { pulls, actions } = github.octokit('maintainer');
    const { data } = await pulls.create({ ...repo, title: 'Chain', head: 'chain', base: 'main' });
    const names = async () => (await actions.listRepoWorkflows(repo)).data.workflows.map(({ name }) => name);
    assert.ok(!(await names()).includes('Chain'));
    await pulls.merge({ ...repo, pull_number: data.number, merge_method: 'squash' });
    assert.ok((await names()).includes('Chain'));
    const request = { ...repo, workflow_id: 'chain.yml', ref: 'main', return_run_details: true };
    const started = (await actions.createWorkflowDispatch(request)).data as unknown as { workflow_run_id: number };
    github.clock.advance(120_000);
    const run_id = started.workflow_run_id;
    const { jobs } = (await actions.listJobsForWorkflowRun({ ...repo, run_id })).data;
    const ended = Object.fromEntries(jobs.map(({ name, conclusion }) => [name, conclusion]));
    assert.deepEqual(ended, { One: 'success', failing: 'failure', last: 'skipped', after: 'success' });
    assert.equal(await github.standing(run_id), 'failure');
  });

  it('let as many runs wait as `queue: max` says, each for its turn', async () => {
    const { files } = github.repositories.of('dolthubapi');
    const path = '.github/workflows/deploy.yml';
    files.set(
      path,
      (files.get(path) ?? '').replace('cancel-in-progress: false', 'cancel-in-progress: false\n  queue: max'),
    );
    const shas = github.repositories
      .of('dolthubapi')
      .history.main.slice(1)
      .map(({ sha }) => sha);
    const ids = [];
    for (const sha of shas) ids.push(await github.dispatch({ workflow_id: 'deploy.yml', sha }));
    assert.deepEqual(await Promise.all(ids.slice(1).map((id) => github.standing(id))), ['pending', 'pending']);
    github.clock.advance(300_000);
    assert.deepEqual(await Promise.all(ids.map((id) => github.standing(id))), ['success', 'success', 'success']);
    assert.deepEqual(
      github.deployed.map(({ sha }) => sha),
      shas,
    );
  });

  it('deploy what the image’s tag names, and not what was checked out', async () => {
    const { files, history } = github.repositories.of('dolthubapi');
    const path = '.github/workflows/deploy.yml';
    const [, older, newer] = history.main;
    files.set(
      path,
      (files.get(path) ?? '').replace(/dolthubapi:\$\{SHA:0:7\}/, `dolthubapi:${older?.sha.slice(0, 7)}`),
    );
    await github.dispatch({ workflow_id: 'deploy.yml', sha: newer?.sha ?? '' });
    github.clock.advance(60_000);
    assert.deepEqual(
      github.deployed.map(({ sha }) => sha),
      [older?.sha],
    );
  });

  it('report the checks of a commit to those who may see them', async () => {
    const { sha } = github.repositories.push(UNDEPLOYED);
    const { checks, repos } = github.octokit('maintainer');
    const standing = async () =>
      (await checks.listForRef({ ...repo, ref: sha })).data.check_runs.map((one) => one.status);
    assert.deepEqual(await standing(), ['queued']);
    github.clock.advance(200_000);
    assert.deepEqual(await standing(), ['completed']);
    assert.equal((await repos.getCombinedStatusForRef({ ...repo, ref: sha })).data.total_count, 0);
    await assert.rejects(github.octokit('sam').checks.listForRef({ ...repo, ref: sha }), { status: 403 });
  });
});
