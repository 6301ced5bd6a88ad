import assert from 'node:assert/strict';
import type { DeployResult } from '../../src/lib/deploys/deploy-result.ts';
import type { Received } from '../../src/lib/sandbox/exchange.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/** Fast enough that a run of the workflow takes a second or two of the test's time. */
const SPEED = 40;
const DAY = 86_400_000;

describe('oncall deploy', function () {
  this.timeout(60_000);
  let world: TestWorld;
  afterEach(() => world.close());

  const writes = (): Received[] => world.received('github').filter(({ method }) => method !== 'GET');
  const dispatches = () => writes().filter(({ path }) => /\/workflows\/deploy\.yml\/dispatches$/.test(path));
  const inputs = () => dispatches().map(({ body }) => (body as { inputs: Record<string, string> }).inputs);
  /** A commit of userservice that was merged a day ago, was checked, and has not gone out. */
  function push(more: { files?: readonly string[]; committedAgo?: number } = {}): string {
    const spec = {
      service: 'userservice',
      author: 'mei',
      title: 'Count sign-ins',
      pull: 512,
      files: ['signin/count.go'],
    };
    return world.sandbox.world.repositories.push({
      ...spec,
      committedAgo: DAY,
      deployedAgo: null,
      behaviour: 'steady',
      ...more,
    }).sha;
  }

  describe('in a world that moves', () => {
    beforeEach(async () => {
      world = await startWorld({ scenario: 'quiet', speed: SPEED });
    });

    it('starts one run of the newest commit, follows it, and sees that the cluster runs it', async () => {
      const sha = push();
      const ran = await world.oncall(['deploy', 'userservice', '--yes', '--reason', 'ready']);
      assert.equal(ran.code, 0, ran.stderr);
      const [given, ...others] = inputs();
      assert.deepEqual(others, []);
      assert.equal(given?.sha, sha);
      assert.equal(given?.reason, 'ready');
      assert.match(given?.nonce ?? '', /^oncall-[0-9a-f]{10}$/);
      assert.equal(given?.override_hold, undefined);
      assert.match(ran.stdout, /brings +#512 Count sign-ins, by meitanaka/);
      assert.match(ran.stdout, /checks +the one is good/);
      assert.match(ran.stdout, /Started https:\/\/github\.test\/dolthub\/userservice\/actions\/runs\/\d+/);
      assert.match(ran.stdout, new RegExp(`The cluster runs ${sha.slice(0, 7)}: 2 of 2 pods ready`));
      assert.match(ran.stdout, /next: oncall graph userservice; if it does harm: oncall revert userservice/);
      world.forget();
      const again = await world.oncall(['deploy', 'userservice', '--yes']);
      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stdout, new RegExp(`Nothing to deploy\\. userservice already runs ${sha.slice(0, 7)}`));
      assert.deepEqual(writes(), []);
    });

    it('follows a deploy of that commit that is under way instead of starting another', async () => {
      push();
      const first = await world.oncall(['deploy', 'userservice', '--yes', '--no-wait', '--json']);
      assert.equal(first.json<{ result: DeployResult }>().result.outcome, 'started');
      const second = await world.oncall(['deploy', 'userservice', '--yes', '--json']);
      const { result } = second.json<{ result: DeployResult }>();
      assert.equal(result.outcome, 'deployed');
      assert.equal(result.attached, true);
      assert.equal(result.pods?.serving, true);
      assert.equal(dispatches().length, 1);
    });

    it('never starts a second run after a doubtful answer', async () => {
      push();
      world.sandbox.faults.add({ face: 'github', kind: 'cut', match: '/dispatches', count: 1 });
      const ran = await world.oncall(['deploy', 'userservice', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(dispatches().length, 1);
    });

    it('is not cancelled by Ctrl-C', async () => {
      push();
      const interrupt = new AbortController();
      const ran = await world.oncall(['deploy', 'userservice', '--yes'], {
        signal: interrupt.signal,
        onOutput: (text) => {
          if (text.includes('Started')) interrupt.abort();
        },
      });
      assert.equal(ran.code, 130);
      assert.match(ran.stderr, /the deploy goes on by itself: https:\/\/github\.test/);
      assert.ok(!writes().some(({ path }) => path.endsWith('/cancel')));
    });

    it('fails with its run, naming the step', async () => {
      push();
      world.sandbox.world.repositories.failNext({ workflow: 'deploy.yml', step: 'Deploy' });
      const ran = await world.oncall(['deploy', 'userservice', '--yes']);
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /ended with failure at "Deploy userservice: Deploy"/);
    });

    it('goes past a hold only on purpose, tells the workflow so, and writes it down', async () => {
      const sha = push();
      await world.oncall(['hold', 'userservice', '--yes', '--reason', 'index is being built']);
      world.forget();
      const argv = ['deploy', 'userservice', '--override-hold', '--reason', 'security fix', '--yes'];
      const warned = await world.oncall(argv);
      assert.equal(warned.code, 8, 'what --yes does not accept: the hold is among the warnings');
      assert.deepEqual(writes(), []);
      const ran = await world.oncall([...argv, '--accept-warnings']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(inputs()[0]?.override_hold, 'yes');
      assert.equal(inputs()[0]?.sha, sha);
    });

    it('approves the run itself where it may and is told to, once, and proves that the gate is gone', async () => {
      push();
      world.sandbox.world.repositories.requireReviewers('userservice', ['sam', 'tom']);
      const ran = await world.oncall([
        'deploy',
        'userservice',
        '--yes',
        '--approve',
        '--reason',
        'looked at it with tom',
      ]);
      assert.equal(ran.code, 0, ran.stderr);
      const reviews = writes().filter(({ path }) => path.endsWith('/pending_deployments'));
      assert.equal(reviews.length, 1);
      assert.match(JSON.stringify(reviews[0]?.body), /"state":"approved","comment":"looked at it with tom"/);
      assert.match(ran.stdout, /production-approval: you may approve it/);
      assert.match(ran.stdout, /You approved production-approval/);
    });

    it('says whom to ask where others have to approve', async () => {
      push();
      world.sandbox.world.repositories.requireReviewers('userservice', ['ana', 'tom']);
      const interrupt = new AbortController();
      const ran = await world.oncall(['deploy', 'userservice', '--yes', '--approve'], {
        signal: interrupt.signal,
        onOutput: (text) => {
          if (text.includes('ask ')) interrupt.abort();
        },
      });
      assert.equal(ran.code, 130);
      assert.match(ran.stdout, /production-approval: ask anaduarte or tomreyes/);
      assert.ok(!writes().some(({ path }) => path.endsWith('/pending_deployments')));
    });
  });

  describe('before anything is started', () => {
    beforeEach(async () => {
      world = await startWorld({ scenario: 'quiet' });
    });

    it('is refused while deploys are on hold, naming who, why, until when, and the command that ends it', async () => {
      push();
      await world.oncall(['hold', 'userservice', '--yes', '--reason', 'index is being built', '--for', '2h']);
      world.forget();
      for (const more of [[], ['--yes'], ['--yes', '--accept-warnings'], ['--dry-run']]) {
        const ran = await world.oncall(['deploy', 'userservice', ...more]);
        assert.equal(ran.code, 8, more.join());
        assert.match(ran.stderr, /on hold, by sam, since .*, until .*: index is being built/);
        assert.match(ran.stderr, /oncall release userservice/);
      }
      const reasonless = await world.oncall(['deploy', 'userservice', '--yes', '--override-hold']);
      assert.equal(reasonless.code, 2);
      assert.match(reasonless.stderr, /--reason/);
      assert.deepEqual(writes(), []);
    });

    it('cannot pass a hold for which the workflow stops by itself', async () => {
      push();
      const { files } = world.sandbox.world.repositories.of('userservice');
      const path = '.github/workflows/deploy.yml';
      files.set(path, (files.get(path) ?? '').replaceAll('override_hold', 'other'));
      await world.oncall(['hold', 'userservice', '--yes', '--reason', 'x']);
      world.forget();
      const argv = ['deploy', 'userservice', '--yes', '--accept-warnings', '--override-hold', '--reason', 'y'];
      const ran = await world.oncall(argv);
      assert.equal(ran.code, 8);
      assert.match(ran.stderr, /deploy\.yml stops by itself/);
      assert.deepEqual(writes(), []);
    });

    it('prints the exact call with --dry-run, and makes none', async () => {
      const sha = push();
      const ran = await world.oncall(['deploy', 'userservice', '--dry-run', '--ref', sha.slice(0, 8)]);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /POST \/repos\/dolthub\/userservice\/actions\/workflows\/deploy\.yml\/dispatches/);
      assert.match(ran.stdout, new RegExp(`"sha": "${sha}"`));
      assert.deepEqual(writes(), []);
    });

    for (const [what, more, words] of [
      [
        'a migration',
        { files: ['migrations/0200_signins.sql'] },
        /A database migration goes out with it.*0200_signins\.sql/,
      ],
      ['checks that are not over', { committedAgo: 60_000 }, /Not all checks of this commit are over: CI/],
    ] as const) {
      it(`does not go past ${what} by --yes alone`, async () => {
        push(more);
        const ran = await world.oncall(['deploy', 'userservice', '--yes']);
        assert.equal(ran.code, 8, ran.stderr);
        assert.match(ran.stderr, words);
        assert.match(ran.stderr, /--accept-warnings/);
        assert.deepEqual(writes(), []);
      });
    }

    it('warns of another run that goes first', async () => {
      const { repositories } = world.sandbox.world;
      push();
      repositories.dispatch('userservice', { workflow: 'revert.yml', inputs: { sha: 'f'.repeat(40) }, actor: 'ben' });
      world.advance(2);
      const ran = await world.oncall(['deploy', 'userservice', '--yes']);
      assert.equal(ran.code, 8, ran.stderr);
      assert.match(ran.stderr, /\(revert\.yml\) goes first: https:/);
    });

    it('does not know a ref that is none', async () => {
      const ran = await world.oncall(['deploy', 'userservice', '--ref', 'nope', '--yes']);
      assert.equal(ran.code, 5);
      assert.match(ran.stderr, /no branch, tag or commit "nope"/);
    });

    it('asks, and without a terminal and --yes does nothing', async () => {
      push();
      const ran = await world.oncall(['deploy', 'userservice']);
      assert.equal(ran.code, 2);
      assert.deepEqual(writes(), []);
    });

    it('exits 6 when GitHub is away', async () => {
      world.sandbox.faults.add({ face: 'github', kind: '503' });
      assert.equal((await world.oncall(['deploy', 'userservice', '--yes'])).code, 6);
    });
  });

  it('says that it would bring back what was reverted', async () => {
    world = await startWorld({ speed: SPEED });
    assert.equal((await world.oncall(['revert', '--yes', '--no-hold'])).code, 0);
    world.forget();
    const ran = await world.oncall(['deploy', 'dolthubapi', '--yes']);
    assert.equal(ran.code, 8, ran.stderr);
    assert.match(ran.stderr, /It brings back \w{7}, which was deployed .* ago and has been replaced since/);
    assert.match(ran.stderr, /An incident is open: dolthubapi is down/);
    assert.deepEqual(writes(), []);
  });
});
