import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Listed {
  id: string;
  createdBy: string;
  comment: string;
  endsAt: string;
  startsAt: string;
  matchers: { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
}

/** Alertmanager's own command line in the practice world: the package `prometheus-alertmanager` has to be installed. */
describe('amtool in the practice world', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  function run(program: string, args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
    const env = { PATH: process.env.PATH, HOME: world.env.ONCALL_SANDBOX, LANG: 'C.UTF-8' };
    return new Promise((resolve, reject) => {
      execFile(program, args, { env }, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve({ stdout, stderr, code: Number(error?.code ?? 0) });
      });
    });
  }
  const amtool = (...args: string[]) => run('amtool', [`--alertmanager.url=${world.env.ALERTMANAGER_URL}`, ...args]);
  const ok = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, code } = await amtool(...args);
    assert.equal(code, 0, `amtool ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const query = async (...args: string[]) =>
    JSON.parse(await ok('silence', 'query', '-o', 'json', ...args)) as Listed[];
  const states = async (...args: string[]) =>
    (JSON.parse(await ok('alert', 'query', '-o', 'json', ...args)) as { status: { state: string } }[]).map(
      ({ status }) => status.state,
    );

  it('adds, queries, updates, expires, exports and imports silences', async () => {
    const id = await ok('silence', 'add', '-a', 'ana', '-c', 'index', '-d', '2h', 'ServiceDown', 'service=~"dolt.*"');
    assert.deepEqual(await states('ServiceDown'), []);
    assert.deepEqual(await states('-s', 'ServiceDown'), ['suppressed']);
    assert.equal(await ok('silence', 'query', '-q', 'alertname=ServiceDown'), id);
    assert.equal(await ok('silence', 'query', '-q', 'alertname=Service'), '');
    assert.equal(await ok('silence', 'query', '-q', '--created-by=ana', '--expired', '--within=3h'), '');
    const [before] = await query();
    await ok('silence', 'update', '-d', '3h', '-c', 'longer', id);
    const [after] = await query();
    assert.deepEqual([after?.id, after?.comment], [id, 'longer']);
    assert.ok(Date.parse(after?.endsAt ?? '') > Date.parse(before?.endsAt ?? ''));
    const file = join(world.env.ONCALL_SANDBOX ?? '', 'silences.json');
    await writeFile(file, JSON.stringify(await query()));
    await ok('silence', 'expire', id);
    assert.deepEqual(await query(), []);
    assert.deepEqual(await states('ServiceDown'), ['active']);
    await ok('silence', 'import', '--force', file);
    const [imported] = await query();
    assert.notEqual(imported?.id, id);
    assert.deepEqual(imported?.matchers, after?.matchers);
    assert.equal((await query('--expired')).length, 1);
  });

  it('is refused in the words of the real one', async () => {
    const empty = await amtool('silence', 'add', '-c', 'x', 'a=');
    assert.match(
      empty.stderr,
      /postSilencesBadRequest +silence invalid: at least one matcher must not match the empty string/,
    );
    const unknown = await amtool('silence', 'expire', '11111111-1111-4111-8111-111111111111');
    assert.match(unknown.stderr, /deleteSilenceInternalServerError +silence not found/);
    assert.notEqual(unknown.code, 0);
  });

  it('reports alerts, and sees them, its receivers, its routes and its status', async () => {
    await ok('alert', 'add', 'DiskFull', 'service=userservice', 'severity=page', '--annotation=summary=nearly full');
    assert.match(await ok('alert', 'query', 'DiskFull'), /DiskFull .*nearly full +active/);
    assert.match(await ok('alert', 'query', '-o', 'extended', '--receiver=sns'), /alertname="DiskFull"/);
    assert.equal(await ok('config', 'routes', 'test', 'severity=none'), 'watchdog');
    assert.match(await ok('config', 'show'), /resolve_timeout: 5m/);
    assert.match(await ok('cluster', 'show'), /disabled/);
    const ran = await world.oncall(['alerts', 'DiskFull']);
    assert.match(ran.stdout, /nearly full/);
  });

  it('the replay line of oncall makes the same silence', async () => {
    const words = ['alertname=~"Service(Down|Slow)"', 'service!=x', 'path="C:\\\\a \\"b\\""'];
    const argv = ['silence', 'add', ...words, '-d', '90m', '-m', "it's $(id) `id`\nü", '--yes', '--json'];
    const ran = await world.oncall(argv);
    assert.equal(ran.code, 0, ran.stdout);
    const { result } = ran.json<{ result: { amtool: string } }>();
    assert.equal((await run('bash', ['-c', result.amtool])).code, 0);
    const [one, two] = await query();
    assert.ok(one && two && one.id !== two.id);
    for (const key of ['matchers', 'comment', 'createdBy'] as const) assert.deepEqual(one[key], two[key]);
    for (const { startsAt, endsAt } of [one, two])
      assert.ok(Math.abs(Date.parse(endsAt) - Date.parse(startsAt) - 90 * 60_000) < 5000);
  });

  it('oncall reads matchers as amtool does', async () => {
    for (const words of [
      ['Down'],
      ['two words', 'a=b'],
      ['a = b', 'c!~d.*'],
      ['a=b\\c', 'd="e\\nf"'],
      ['a=b=c'],
      ['a=x', 'b='],
    ]) {
      await world.oncall(['silence', 'add', ...words, '-d', '1h', '-m', 'ours', '--yes']);
      await ok('silence', 'add', '-c', 'theirs', ...words);
      const both = await query();
      const of = (comment: string) => both.find((one) => one.comment === comment)?.matchers;
      assert.ok(of('ours'), words.join(' '));
      assert.deepEqual(of('ours'), of('theirs'), words.join(' '));
      for (const { id } of both) await ok('silence', 'expire', id);
    }
  });

  it('ends and lists what oncall made, and the other way round', async () => {
    await world.oncall(['silence', 'add', '-d', '1h', '-m', 'ours', '--yes']);
    const [ours] = await query();
    assert.deepEqual([ours?.createdBy, ours?.comment], ['sam', 'ours']);
    await ok('silence', 'expire', ours?.id ?? '');
    assert.match((await world.oncall(['silence', 'list', '--all'])).stdout, /expired/);
    const theirs = await ok('silence', 'add', '-c', 'theirs', 'ServiceDown');
    assert.equal((await world.oncall(['silence', 'end', theirs.slice(0, 8), '--yes'])).code, 0);
    assert.deepEqual(await query(), []);
  });
});
