import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { parse } from 'yaml';
import { holdGate } from '../../../src/lib/deploys/hold-gate.ts';
import { workflowFiles } from '../../../src/lib/deploys/init-plan.ts';
import { lineDiff } from '../../../src/lib/deploys/line-diff.ts';
import type { Received } from '../../../src/lib/sandbox/exchange.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';

const repo = { owner: 'dolthub', repo: 'userservice' };
const DEPLOY = '.github/workflows/deploy.yml';
const REVERT = '.github/workflows/revert.yml';
const OPEN = ['deploys', 'init', 'userservice', '--login', 'eks', '--yes', '--replace'];

interface Initialised {
  result: { outcome: string; pull: { number: number; url: string } | null };
}

describe('oncall deploys init', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let octokit: Octokit;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet', speed: 40 });
    octokit = new Octokit({ auth: world.env.GITHUB_TOKEN ?? '', baseUrl: world.env.GITHUB_API_URL ?? '' });
  });
  afterEach(() => world.close());

  const repository = () => world.sandbox.world.repositories.of('userservice');
  const writes = (): Received[] => world.received('github').filter(({ method }) => method !== 'GET');
  const made = () =>
    writes().map(
      ({ method, path, status }) => `${method} ${decodeURIComponent(path.split('/').slice(4).join('/'))} ${status}`,
    );
  const merge = (pull_number: number) => octokit.pulls.merge({ ...repo, pull_number, merge_method: 'squash' });
  const setVariables = async () => {
    for (const name of ['AWS_DEPLOY_ROLE', 'AWS_REGION', 'EKS_CLUSTER'])
      await octokit.actions.createRepoVariable({ ...repo, name, value: 'practice' });
  };

  it('opens one pull request with both files in one commit, and reads them back', async () => {
    const ran = await world.oncall([...OPEN, '--json']);
    assert.equal(ran.code, 0, ran.stdout);
    const { outcome, pull } = ran.json<Initialised>().result;
    assert.equal(outcome, 'opened');
    assert.deepEqual(made(), ['POST git/trees 201', 'POST git/commits 201', 'POST git/refs 201', 'POST pulls 201']);
    const { data } = await octokit.pulls.get({ ...repo, pull_number: pull?.number ?? 0 });
    assert.equal(data.head.ref, 'oncall/deploy-workflows');
    assert.equal(data.base.ref, 'main');
    const files = (await octokit.pulls.listFiles({ ...repo, pull_number: data.number })).data;
    assert.deepEqual(
      files.map(({ filename, status }) => [filename, status]),
      [
        [DEPLOY, 'modified'],
        [REVERT, 'modified'],
      ],
    );
    assert.match(data.body ?? '', /set the Actions variables AWS_DEPLOY_ROLE/);
  });

  it('finds its own pull request the second time, and changes nothing', async () => {
    await world.oncall(OPEN);
    world.forget();
    const again = await world.oncall(OPEN);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /Nothing to do\. Pull request #\d+ proposes them already: https:/);
    assert.deepEqual(writes(), []);
  });

  it('adds a commit to its own pull request when the files are to be others', async () => {
    const first = (await world.oncall([...OPEN, '--json'])).json<Initialised>().result;
    world.forget();
    const second = (await world.oncall([...OPEN, '--approval', 'gate', '--json'])).json<Initialised>().result;
    assert.equal(second.outcome, 'updated');
    assert.equal(second.pull?.number, first.pull?.number);
    assert.deepEqual(made(), [
      'POST git/trees 201',
      'POST git/commits 201',
      'PATCH git/refs/heads/oncall/deploy-workflows 200',
    ]);
  });

  it('opens nothing twice after a doubtful answer, and goes on where an earlier run broke off', async () => {
    world.sandbox.faults.add({ face: 'github', kind: 'cut', match: 'POST /repos/dolthub/userservice/pulls', count: 1 });
    const ran = await world.oncall([...OPEN, '--json']);
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(repository().history.pulls.filter(({ closedAt }) => closedAt === null).length, 1);
    await octokit.pulls.update({
      ...repo,
      pull_number: ran.json<Initialised>().result.pull?.number ?? 0,
      state: 'closed',
    });
    world.forget();
    const again = await world.oncall([...OPEN, '--json']);
    assert.equal(again.json<Initialised>().result.outcome, 'opened');
    assert.deepEqual(made(), ['POST pulls 201'], 'the branch has the files already');
  });

  it('replaces no file by --yes alone, and shows the difference', async () => {
    const ran = await world.oncall(['deploys', 'init', 'userservice', '--yes']);
    assert.equal(ran.code, 8);
    assert.match(ran.stdout, /replaces the present file/);
    assert.match(ran.stdout, /\+ {3}queue: max/);
    assert.match(ran.stderr, /--replace/);
    assert.deepEqual(writes(), []);
  });

  it('prints the exact calls with --dry-run', async () => {
    const ran = await world.oncall(['deploys', 'init', 'userservice', '--dry-run']);
    assert.equal(ran.code, 0, ran.stderr);
    for (const path of ['git/trees', 'git/commits', 'git/refs', 'pulls'])
      assert.match(ran.stdout, new RegExp(`POST /repos/dolthub/userservice/${path}`));
    assert.deepEqual(writes(), []);
  });

  it('makes workflows that deploy, stop at a hold, and revert, once they are merged', async () => {
    const { pull } = (await world.oncall([...OPEN, '--json'])).json<Initialised>().result;
    const before = repository().history.head.sha;
    await merge(pull?.number ?? 0);
    await setVariables();
    const sha = repository().history.head.sha;
    const deployed = await world.oncall(['deploy', 'userservice', '--yes', '--accept-warnings']);
    assert.equal(deployed.code, 0, deployed.stderr);
    assert.match(deployed.stdout, new RegExp(`The cluster runs ${sha.slice(0, 7)}: 2 of 2 pods ready`));
    const [run] = (await octokit.actions.listWorkflowRuns({ ...repo, workflow_id: 'deploy.yml', per_page: 1 })).data
      .workflow_runs;
    const { jobs } = (await octokit.actions.listJobsForWorkflowRun({ ...repo, run_id: run?.id ?? 0 })).data;
    assert.deepEqual(
      jobs.map(({ name, conclusion }) => [name, conclusion]),
      [
        ['Read the hold', 'success'],
        ['Deploy userservice', 'success'],
      ],
    );
    const [recorded] = (await octokit.repos.listDeployments({ ...repo, environment: 'production' })).data;
    assert.equal(recorded?.sha, sha);
    await world.oncall(['hold', 'userservice', '--yes', '--reason', 'x']);
    const held = await octokit.actions.createWorkflowDispatch({
      ...repo,
      ...{ workflow_id: 'deploy.yml', ref: 'main', inputs: { sha }, return_run_details: true },
    });
    world.advance(120);
    const { workflow_run_id: run_id } = held.data as unknown as { workflow_run_id: number };
    const stopped = (await octokit.actions.listJobsForWorkflowRun({ ...repo, run_id })).data.jobs;
    assert.deepEqual(
      stopped.map(({ name, conclusion }) => [name, conclusion]),
      [
        ['Read the hold', 'failure'],
        ['Deploy userservice', 'skipped'],
      ],
    );
    const argv = ['revert', 'userservice', '--to', before.slice(0, 8), '--yes', '--accept-warnings'];
    const reverted = await world.oncall(argv);
    assert.equal(reverted.code, 0, reverted.stderr);
    assert.match(reverted.stdout, new RegExp(`The cluster runs ${before.slice(0, 7)}`));
  });

  it('leaves what only the team knows to the team: until then a run fails, and says what is missing', async () => {
    const argv = ['deploys', 'init', 'userservice', '--yes', '--replace', '--json'];
    const { pull } = (await world.oncall(argv)).json<Initialised>().result;
    await merge(pull?.number ?? 0);
    const ran = await world.oncall(['deploy', 'userservice', '--yes', '--accept-warnings']);
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /ended with failure at "Deploy userservice: Sign in to the cluster"/);
  });

  it('waits for the approval that its workflow names', async () => {
    repository().environments.ensure('gate').reviewers = [world.sandbox.world.repositories.accounts.named('sam')];
    const { pull } = (await world.oncall([...OPEN, '--approval', 'gate', '--json'])).json<Initialised>().result;
    await merge(pull?.number ?? 0);
    await setVariables();
    const ran = await world.oncall(['deploy', 'userservice', '--yes', '--accept-warnings', '--approve']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /You approved gate/);
  });

  it('lets doctor say that every hold stops', async () => {
    const ran = await world.oncall(['doctor', '--json']);
    assert.match(ran.stdout, /every deploy workflow stops while DEPLOY_HOLD is set/);
  });

  describe('with --out', () => {
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'oncall-init-'));
    });
    afterEach(() => rm(directory, { recursive: true, force: true }));

    it('writes the files there, without GitHub', async () => {
      world.sandbox.faults.add({ face: 'github', kind: '503' });
      const argv = ['deploys', 'init', 'userservice', '--out', '.', '--yes'];
      const ran = await world.oncall(argv, { cwd: directory });
      assert.equal(ran.code, 0, ran.stderr);
      const deploy = await readFile(join(directory, DEPLOY), 'utf8');
      assert.equal(holdGate(deploy, 'DEPLOY_HOLD').stops, true);
      assert.match(deploy, /"userservice=registry\.dolthub\.test\/userservice:\$\{SHA:0:7\}"/);
      const again = await world.oncall(argv, { cwd: directory });
      assert.match(again.stdout, /already as it should be/);
    });

    it('does not replace a file that differs', async () => {
      const argv = ['deploys', 'init', 'userservice', '--out', directory, '--yes'];
      await world.oncall(argv);
      await writeFile(join(directory, DEPLOY), 'name: Mine\n');
      const ran = await world.oncall(argv);
      assert.equal(ran.code, 8);
      assert.equal(await readFile(join(directory, DEPLOY), 'utf8'), 'name: Mine\n');
      assert.equal((await world.oncall([...argv, '--replace'])).code, 0);
    });

    for (const [what, more] of [
      ['an image without a place for the commit', ['--image', 'registry.test/x:latest']],
      ['an approval by the environment of the record', ['--approval', 'production']],
      ['characters that would end the text', ['--container', 'a"; rm -rf /']],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const ran = await world.oncall(['deploys', 'init', 'userservice', '--out', directory, '--yes', ...more]);
        assert.equal(ran.code, 2, ran.stdout);
      });
    }
  });
});

describe('the workflows of deploys init', () => {
  const service = { workflows: { deploy: 'deploy.yml', revert: 'revert.yml' } } as never;
  for (const login of ['eks', 'gke', 'custom'] as const) {
    it(`stop at a hold for deploys only, and share a queue (${login})`, () => {
      const facts = {
        ...{ service: 'api', namespace: 'prod', deployment: 'api', container: 'api', image: 'r.test/api:{sha}', login },
        ...{
          environment: 'production',
          approval: null,
          inputs: { sha: 'sha', reason: 'why', nonce: 'mark' },
          queue: true,
        },
      };
      const [deploy, revert] = workflowFiles(service, facts).map(({ text }) => text) as [string, string];
      assert.equal(holdGate(deploy, 'DEPLOY_HOLD').stops, true);
      if (login !== 'custom') assert.equal(holdGate(revert, 'DEPLOY_HOLD').stops, false);
      const [one, other] = [deploy, revert].map((text) => parse(text) as { concurrency: object; permissions: object });
      assert.deepEqual(one?.concurrency, other?.concurrency);
      assert.deepEqual(one?.concurrency, { group: 'production-api', 'cancel-in-progress': false, queue: 'max' });
      assert.deepEqual(one?.permissions, { contents: 'read' });
      for (const text of [deploy, revert]) {
        const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
        const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
        for (const script of scripts) assert.ok(!script.includes('{{'), `an expression in a script: ${script}`);
      }
    });
  }

  it('have one file for each', () => {
    const both = { workflows: { deploy: 'ship.yml', revert: 'ship.yml' } } as never;
    assert.throws(() => workflowFiles(both, {} as never), { code: 'CONFIG' });
  });
});

describe('a difference of two texts', () => {
  it('keeps what is in both, in order', () => {
    const told = lineDiff('a\nb\nc\n', 'a\nx\nc\nd\n').map(({ sign, text }) => `${sign}${text}`);
    assert.deepEqual(told, [' a', '-b', '+x', ' c', '+d']);
  });
});
