import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { Laptop } from '../support/laptop.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Answer {
  ok: boolean;
  result: { signIns: { name: string; state: string; who: string | null; command: string | null; remark: string }[] };
  error?: { code: string; hint: string };
}

describe('oncall login', function () {
  this.timeout(60_000);
  let world: TestWorld;
  let laptop: Laptop;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
    laptop = await Laptop.create(world);
  });
  afterEach(async () => {
    await laptop.close();
    await world.close();
  });

  const states = (answer: Answer) => answer.result.signIns.map(({ name, state }) => [name, state]);

  it('signs in to what has run out, once each, and says who you are and until when', async () => {
    const { out, code } = await laptop.atTerminal(['login']);
    assert.equal(code, 0, out);
    assert.match(out, /To run, one after the other:\n +aws sso login --profile oncall\n +gh auth login --hostname/);
    // The cluster trusts the AWS session: what mends it has run by then, and does not run twice.
    assert.deepEqual(laptop.ran(), [
      'aws sso login --profile oncall',
      `gh auth login --hostname 127.0.0.1:${world.sandbox.address.port} --git-protocol https --web --scopes repo,workflow`,
    ]);
    assert.match(out, /✔ +AWS +assumed-role\/oncall-responder\/sam in account 0+ +2099-01-02 03:04Z \(in \d+d/);
    assert.match(out, /✔ +Kubernetes +sam in practice +renews itself/);
    assert.match(out, /✔ +GitHub +sam-okafor +no end is known/);
    assert.doesNotMatch(out, /canary-token/);
  });

  it('runs nothing that is still valid, unless told to', async () => {
    await laptop.atTerminal(['login', '--only', 'aws', '--only', 'kubernetes']);
    await laptop.write('gh-token', 'sandbox\n');
    const again = await laptop.atTerminal(['login']);
    assert.equal(again.code, 0, again.out);
    assert.deepEqual(laptop.ran(), ['aws sso login --profile oncall']);
    const forced = await laptop.atTerminal(['login', '--only', 'aws', '--force']);
    assert.equal(forced.code, 0, forced.out);
    assert.equal(laptop.ran().length, 2);
    assert.doesNotMatch(forced.out, /GitHub/);
  });

  it('prints the commands where nobody can answer, runs none and exits 4', async () => {
    for (const argv of [['login'], ['login', '--json']]) {
      const { out, err, code } = await laptop.piped(argv);
      assert.equal(code, 4, out + err);
      assert.match(out, /aws sso login --profile oncall/);
      assert.match(out, /gh auth login --hostname/);
    }
    const answer = JSON.parse((await laptop.piped(['login', '--json'])).out) as Answer;
    assert.deepEqual(states(answer), [
      ['aws', 'needed'],
      ['kubernetes', 'needed'],
      ['github', 'needed'],
    ]);
    assert.equal(answer.error?.code, 'AUTH');
    assert.deepEqual(laptop.ran(), []);
  });

  it('prints the commands and nothing more with --dry-run', async () => {
    const { out, code } = await laptop.atTerminal(['login', '--dry-run']);
    assert.equal(code, 0, out);
    assert.match(out, /aws sso login --profile oncall/);
    assert.deepEqual(laptop.ran(), []);
  });

  it('opens no browser where there is no display', async () => {
    const { out } = await laptop.piped(['login', '--dry-run'], { DISPLAY: '' });
    assert.match(out, /aws sso login --profile oncall --no-browser/);
  });

  it('goes on after one that fails, says how to install one that is missing, and exits 4', async () => {
    await laptop.program('aws', 'exit 255');
    const failing = await laptop.atTerminal(['login']);
    assert.equal(failing.code, 4, failing.out);
    assert.match(failing.out, /AWS: `aws` ended with exit code 255/);
    assert.match(failing.out, /✔ +GitHub +sam-okafor/);
    assert.match(failing.out, /Not signed in to AWS, Kubernetes\./);
    await rm(laptop.path('bin/aws'));
    const missing = await laptop.atTerminal(['login', '--only', 'aws']);
    assert.equal(missing.code, 4);
    assert.match(missing.out, /`aws` is not installed.*Install the AWS CLI: https:/);
  });

  it('believes the service, not the program: a session that AWS still takes for expired is not signed in', async () => {
    world.sandbox.faults.add({ face: 'sts', kind: '401' });
    const { out, code } = await laptop.atTerminal(['login', '--only', 'aws']);
    assert.equal(code, 4, out);
    assert.deepEqual(laptop.ran(), ['aws sso login --profile oncall']);
    assert.match(out, /AWS: It still says: Your AWS sign-in has expired/);
  });

  it('runs no sign-in for a service that is away', async () => {
    await laptop.write('gh-token', 'sandbox\n');
    await laptop.write('session', '');
    world.sandbox.faults.add({ face: 'github', kind: '503' });
    const { out, code } = await laptop.atTerminal(['login']);
    assert.equal(code, 6, out);
    assert.deepEqual(laptop.ran(), []);
    assert.match(out, /GitHub is not available right now/);
  });

  it('says that a token of the shell stands in the way', async () => {
    await laptop.write('session', '');
    const { out, code } = await laptop.piped(['login', '--only', 'github', '--json'], {
      GITHUB_TOKEN: 'wrong-token-1',
    });
    assert.equal(code, 4);
    const [github] = (JSON.parse(out) as Answer).result.signIns;
    assert.equal(github?.command, null);
    assert.match(github?.remark ?? '', /The token comes from GITHUB_TOKEN in this shell/);
  });

  it('has nothing to do in a practice world', async () => {
    const ran = await world.oncall(['login']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /practice world brings its own sign-ins/);
    assert.equal(world.received('sts').length, 0);
  });
});
