import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from '../../bin/registry.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/** Another program would see these: a pod's lines in the practice world, as `oncall logs --json` gives them. */
interface JsonLine {
  at: string;
  pod: string;
  container: string;
  line: string;
}

function jsonLines(stdout: string): JsonLine[] {
  return stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JsonLine);
}

describe('oncall logs', () => {
  describe('of a healthy service', () => {
    let world: TestWorld;
    before(async () => {
      world = await startWorld({ scenario: 'quiet' });
    });
    after(() => world.close());
    beforeEach(() => world.forget());

    it('shows the last ten lines of every container, merged by time, and ends when piped', async () => {
      const ran = await world.oncall(['logs', 'dolthubapi']);
      assert.equal(ran.code, 0, ran.stderr);
      const lines = ran.stdout.trim().split('\n');
      assert.equal(lines.length, 30);
      const times = lines.map((line) => /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(line)?.[0] ?? '');
      assert.deepEqual(times, [...times].sort());
      assert.match(lines[0] ?? '', /^sandbox │ \w{5} \S+Z INF .*status=\d+ duration=\S+ request_id=\w+/);
      assert.match(
        ran.stderr,
        /dolthubapi · practice \(127\.0\.0\.1:\d+\) · as sam · 3 pods · runs [0-9a-f]{7} · last 10 lines of each container\n/,
      );
    });

    it('asks the cluster for each container’s log once', async () => {
      await world.oncall(['logs', 'dolthubapi']);
      const asked = world
        .received('kubernetes')
        .map(({ path }) => path)
        .filter((path) => path.includes('/log'));
      assert.equal(asked.length, 3);
    });

    it('gives an object a line under --json, and nothing else', async () => {
      const ran = await world.oncall(['logs', 'dolthubapi', '--json', '--tail', '2']);
      const lines = jsonLines(ran.stdout);
      assert.equal(lines.length, 6);
      for (const line of lines) assert.deepEqual(Object.keys(line), ['at', 'pod', 'container', 'line']);
      assert.match(lines[0]?.at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      assert.equal(ran.stderr, '');
    });

    it('gives lines as they were written under --raw, for other programs', async () => {
      const ran = await world.oncall(['logs', 'dolthubapi', '--raw', '--tail', '1']);
      const lines = ran.stdout.trim().split('\n');
      assert.equal(lines.length, 3);
      for (const line of lines) assert.equal(typeof JSON.parse(line), 'object');
      const stamped = await world.oncall(['logs', 'dolthubapi', '--raw', '--timestamps', '--tail', '1']);
      assert.match(stamped.stdout, /^\d{4}-\S+Z \{/);
    });

    it('takes apart the logfmt of the front end too', async () => {
      const ran = await world.oncall(['logs', 'dolthub-web', '--tail', '1']);
      assert.match(ran.stdout, / INF GET \/\S* status=\d+ /);
    });

    it('shows one pod, one container, what matches, since when', async () => {
      const all = jsonLines((await world.oncall(['logs', 'dolthubapi', '--json'])).stdout);
      const pod = all[0]?.pod ?? '';
      const one = jsonLines(
        (await world.oncall(['logs', 'dolthubapi', '--json', '--pod', pod.slice(-5), '-c', 'dolthubapi'])).stdout,
      );
      assert.deepEqual([...new Set(one.map((line) => line.pod))], [pod]);
      const posts = jsonLines(
        (await world.oncall(['logs', 'dolthubapi', '--json', '--grep', '"method":"POST"'])).stdout,
      );
      assert.ok(posts.length > 0 && posts.every(({ line }) => line.includes('POST')));
      const recent = jsonLines((await world.oncall(['logs', 'dolthubapi', '--json', '--since', '30s'])).stdout);
      assert.ok(recent.length > 10);
      assert.ok(recent.every(({ at }) => Date.parse(at) > Date.now() - 60_000));
    });

    it('says when nothing matches', async () => {
      const ran = await world.oncall(['logs', 'dolthubapi', '--grep', 'nothing says this']);
      assert.deepEqual([ran.code, ran.stdout], [0, '']);
      assert.match(ran.stderr, /No line matches nothing says this/);
    });

    const refused: [argv: string[], code: number, message: RegExp][] = [
      [['dolthubap'], 5, /There is no service "dolthubap"\. Did you mean "dolthubapi"/],
      [['dolthubapi', '--pod', 'nope'], 5, /No pod is called "nope"\.\n.*Choose one of: dolthubapi-/],
      [['dolthubapi', '-c', 'dolthub'], 5, /No container is called "dolthub"\. Did you mean "dolthubapi"/],
      [['dolthubapi', '--grep', '('], 2, /--grep does not take "\("/],
      [['dolthubapi', '--all', '--tail', '3'], 2, /--tail/],
      [['dolthubapi', '--since', 'soon'], 2, /"soon" is not a duration/],
      [['dolthubapi', '--previous'], 5, /There is no previous run/],
      [[], 5, /No incident is open/],
    ];
    for (const [argv, code, message] of refused) {
      it(`refuses ${JSON.stringify(argv)} with ${code}`, async () => {
        const ran = await world.oncall(['logs', ...argv]);
        assert.equal(ran.code, code, ran.stderr);
        assert.match(ran.stderr, message);
        assert.match(ran.stderr, /→ \w+/);
        assert.equal(ran.stdout, '');
      });
    }

    it('says what is wrong as one more object under --json', async () => {
      const ran = await world.oncall(['logs', 'nosuch', '--json']);
      const { ok, error } = ran.json<{ ok: boolean; error: { code: string } }>();
      assert.deepEqual([ok, error.code, ran.code], [false, 'NOT_FOUND', 5]);
    });

    it('ends quietly when its reader has had enough', async () => {
      const env = { ...world.env, PATH: process.env['PATH'], HOME: world.env['ONCALL_STATE_DIR'] };
      const child = spawn(process.execPath, [`${ROOT}/bin/dev.js`, 'logs', 'dolthubapi', '--follow', '--all'], { env });
      const errors: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
      const exited = once(child, 'exit');
      await Promise.race([once(child.stdout, 'data'), exited]);
      child.stdout.destroy();
      const [code] = await exited;
      assert.equal(code, 0, Buffer.concat(errors).toString());
      assert.doesNotMatch(Buffer.concat(errors).toString(), /EPIPE|Interrupted|Error/);
    });

    it('asks to sign in when the cluster refuses, and names the trouble when it does not answer', async () => {
      world.sandbox.faults.add({ face: 'kubernetes', kind: '401' });
      const unknown = await world.oncall(['logs', 'dolthubapi']);
      world.sandbox.faults.clear();
      assert.equal(unknown.code, 4, unknown.stderr);
      world.sandbox.faults.add({ face: 'kubernetes', kind: '403', match: '/log' });
      const forbidden = await world.oncall(['logs', 'dolthubapi']);
      world.sandbox.faults.clear();
      assert.equal(forbidden.code, 4, forbidden.stderr);
      world.sandbox.faults.add({ face: 'kubernetes', kind: '503' });
      const down = await world.oncall(['logs', 'dolthubapi']);
      world.sandbox.faults.clear();
      assert.equal(down.code, 6, down.stderr);
    });
  });

  describe('of the service of an incident', () => {
    let world: TestWorld;
    before(async () => {
      world = await startWorld();
    });
    after(() => world.close());

    it('needs no argument, and shows the last words of what crashed', async () => {
      const ran = await world.oncall(['logs']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stderr, /3 pods, 3 not ready/);
      assert.match(ran.stderr, /\w{5} crashed \(Error, exit code 2\)\. The last words of that run:/);
      assert.match(ran.stderr, /next: oncall deploys dolthubapi/);
      assert.match(ran.stdout, /Z panic: runtime error: invalid memory address/);
      const lines = ran.stdout.trim().split('\n');
      assert.equal(new Set(lines).size, lines.length, 'nothing twice');
    });

    it('shows the run before alone with --previous', async () => {
      const ran = await world.oncall(['logs', 'dolthubapi', '--previous', '--raw']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /^panic: /m);
    });
  });

  it('follows on a terminal through crashes and restarts, then counts by pod and exits 130', async () => {
    const world = await startWorld({ speed: 150 });
    try {
      const stop = new AbortController();
      let seen = '';
      const ran = await world.oncall(['logs', 'dolthubapi'], {
        width: 120,
        signal: stop.signal,
        onOutput: (text) => {
          seen += text;
          if (/was restarted; it had ended with Error, exit code 2/.test(seen) && /starting dolthubapi/.test(seen))
            stop.abort();
        },
      });
      assert.equal(ran.code, 130, ran.stderr);
      assert.match(ran.stderr, /then live \(Ctrl-C ends\)/);
      assert.match(ran.stderr, /\n[^\n]*\w{5} {2}\d+ lines {2}\d+ errors\n/);
    } finally {
      await world.close();
    }
  });
});
