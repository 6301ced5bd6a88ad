import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { startWorld, type TestWorld } from '../support/world.ts';

/**
 * The practice GitHub as the stock `gh` meets it, pointed there by nothing but the environment that `oncall sandbox env`
 * prints. `gh` must be installed; `.ci/run` sees to it. What it asks over GraphQL (`gh pr`) is not served.
 */
describe('gh in the practice world', function () {
  this.timeout(120_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ speed: 40 });
  });
  afterEach(() => world.close());

  const gh = (...args: string[]) => ghWith('', ...args);
  function ghWith(input: string, ...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: world.env.ONCALL_SANDBOX, LANG: 'C.UTF-8', ...world.env };
    return new Promise((resolve, reject) => {
      const child = execFile('gh', args, { env, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`gh ${args.join(' ')}: ${stderr || error.message}`));
        else resolve(stdout);
      });
      child.stdin?.end(input);
    });
  }
  const R = ['-R', 'dolthub/dolthubapi'];
  const good = async () => (await gh('api', 'repos/dolthub/dolthubapi/deployments', '--jq', '.[1].sha')).trim();
  const newestRevert = async () => {
    world.advance(3);
    return (
      await gh('run', 'list', ...R, '-w', 'revert.yml', '--json', 'databaseId', '--jq', '.[0].databaseId')
    ).trim();
  };

  it('is signed in, and reaches nothing else', async () => {
    assert.equal((await gh('api', 'user', '--jq', '.login')).trim(), 'sam-okafor');
    assert.match(world.env.GH_CONFIG_DIR ?? '', new RegExp(`^${world.env.ONCALL_SANDBOX}/`));
    const pages = await gh('api', '--paginate', 'repos/dolthub/dolthubapi/commits?per_page=1', '--jq', '.[].sha');
    assert.equal(pages.trim().split('\n').length, 5, 'the links of the pages lead back here');
  });

  it('lists, shows, switches off and on', async () => {
    assert.match(await gh('workflow', 'list', ...R), /Deploy\s+active/);
    assert.match(await gh('workflow', 'view', 'deploy.yml', ...R, '--yaml'), /vars\.DEPLOY_HOLD/);
    await gh('workflow', 'disable', 'deploy.yml', ...R);
    assert.doesNotMatch(await gh('workflow', 'list', ...R), /Deploy\s/);
    await gh('workflow', 'enable', 'deploy.yml', ...R);
    assert.match(await gh('run', 'list', ...R), /Warm the statistics cache at start-up \(#447\)\s+CI/);
  });

  it('heals by starting the revert workflow, and watches it to its end', async () => {
    await gh('workflow', 'run', 'revert.yml', ...R, '-f', `sha=${await good()}`);
    const id = await newestRevert();
    await gh('run', 'watch', id, ...R, '-i', '1', '--exit-status');
    assert.match(await gh('run', 'view', id, ...R, '-v'), /Wait for the rollout/);
    world.advance(90);
    const resolved = await world.oncall(['resolve', '--yes']);
    assert.equal(resolved.code, 0, resolved.stdout + resolved.stderr);
  });

  it('runs again and cancels, and oncall sees both', async () => {
    await gh('workflow', 'run', 'revert.yml', ...R, '-f', `sha=${await good()}`);
    const id = await newestRevert();
    await gh('run', 'watch', id, ...R, '-i', '1', '--exit-status');
    await gh('run', 'rerun', id, ...R);
    await gh('run', 'cancel', id, ...R);
    await gh('run', 'watch', id, ...R, '-i', '1');
    const conclusion = await gh('run', 'view', id, ...R, '--json', 'conclusion', '--jq', '.conclusion');
    assert.equal(conclusion.trim(), 'cancelled');
  });

  it('sets a hold that stops oncall deploy, and approves what oncall waits for', async () => {
    const variables = 'repos/dolthub/userservice/actions/variables';
    await gh('api', variables, '-f', 'name=DEPLOY_HOLD', '-f', 'value=ask ana first');
    const spec = {
      service: 'userservice',
      author: 'mei',
      title: 'Count sign-ins',
      pull: 512,
      files: ['signin/count.go'],
    };
    const past = { committedAgo: 86_400_000, deployedAgo: null, behaviour: 'steady' } as const;
    world.sandbox.world.repositories.push({ ...spec, ...past });
    const held = await world.oncall(['deploy', 'userservice', '--yes']);
    assert.equal(held.code, 8);
    assert.match(held.stderr, /ask ana first/);
    await gh('api', '-X', 'DELETE', `${variables}/DEPLOY_HOLD`);
    world.sandbox.world.repositories.requireReviewers('userservice', ['sam']);
    const deploying = world.oncall(['deploy', 'userservice', '--yes', '--accept-warnings', '--json'], {});
    const runs = 'repos/dolthub/userservice/actions/runs';
    let id = '';
    while (id === '') id = (await gh('api', `${runs}?status=waiting`, '--jq', '.workflow_runs[].id')).trim();
    const environment = await gh('api', `${runs}/${id}/pending_deployments`, '--jq', '.[0].environment.id');
    const body = JSON.stringify({ environment_ids: [Number(environment)], state: 'approved', comment: 'go' });
    await ghWith(body, 'api', `${runs}/${id}/pending_deployments`, '--input', '-');
    assert.equal((await deploying).code, 0, (await deploying).stdout);
  });

  it('merges the pull request of deploys init', async () => {
    const opened = await world.oncall([
      'deploys',
      'init',
      'userservice',
      '--login',
      'eks',
      '--yes',
      '--replace',
      '--json',
    ]);
    const { pull } = opened.json<{ result: { pull: { number: number } } }>().result;
    const at = `repos/dolthub/userservice/pulls/${pull.number}`;
    assert.equal((await gh('api', at, '--jq', '.mergeable')).trim(), 'true');
    await gh('api', '-X', 'PUT', `${at}/merge`, '-f', 'merge_method=squash');
    assert.equal((await gh('api', at, '--jq', '.merged')).trim(), 'true');
    const path = 'repos/dolthub/userservice/contents/.github/workflows/deploy.yml';
    assert.match(await gh('api', path, '-H', 'accept: application/vnd.github.raw'), /Written by `oncall deploys init`/);
  });
});
