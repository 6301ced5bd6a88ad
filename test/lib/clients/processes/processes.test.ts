import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { attach, detach, openInBrowser, run } from '../../../../src/lib/clients/processes.ts';
import { OncallError } from '../../../../src/lib/errors.ts';

const node = process.execPath;
const env = { PATH: '/usr/bin:/bin' };

function fails(code: string, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof OncallError, String(error));
    assert.equal(error.code, code);
    assert.match(`${error.message} ${error.hint ?? ''}`, words);
    return true;
  };
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await wait(20);
  }
  assert.fail('it never came about');
}

describe('processes', () => {
  let folder: string;
  const options = () => ({ env, timeout: 10_000, signal: new AbortController().signal });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncall-processes-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe('run', () => {
    it('gives what a program wrote and its exit code', async () => {
      const script = 'process.stdout.write("out é"); process.stderr.write("err"); process.exitCode = 3';
      assert.deepEqual(await run([node, '-e', script], options()), { code: 3, stdout: 'out é', stderr: 'err' });
    });

    it('passes every argument as one word, whatever is in it', async () => {
      const words = ['a b', '$HOME', '`id`', '; rm -rf /', '"', "'"];
      const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
      const { stdout } = await run([node, '-e', script, ...words], options());
      assert.deepEqual(JSON.parse(stdout), words);
    });

    it('gives the child its input, its folder and the given environment only', async () => {
      const script = `let text = ''; process.stdin.on('data', (piece) => text += piece).on('end', () =>
        console.log(JSON.stringify({ text, cwd: process.cwd(), greeting: process.env.GREETING, home: process.env.HOME ?? null })))`;
      const { stdout } = await run([node, '-e', script], {
        ...options(),
        env: { GREETING: 'hello' },
        cwd: folder,
        input: 'typed',
      });
      assert.deepEqual(JSON.parse(stdout), { text: 'typed', cwd: folder, greeting: 'hello', home: null });
    });

    it('is not troubled by a program that ends without reading its input', async () => {
      const result = await run(['true'], { ...options(), input: 'x'.repeat(1 << 20) });
      assert.equal(result.code, 0);
    });

    it('says which tool is missing and where to get it', async () => {
      await assert.rejects(
        run(['kubectl', 'version'], { ...options(), env: { PATH: folder } }),
        fails('NOT_FOUND', /`kubectl` is not installed.*Install kubectl: https/),
      );
    });

    it('tells a missing folder from a missing program', async () => {
      await assert.rejects(
        run(['true'], { ...options(), cwd: join(folder, 'nowhere') }),
        fails('NOT_FOUND', /folder .*nowhere does not exist/),
      );
    });

    it('says so when a file cannot be executed', async () => {
      await writeFile(join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o600 });
      await assert.rejects(run([join(folder, 'tool')], options()), fails('FAILED', /not executable/));
    });

    it('reports the end by a signal as a shell does', async () => {
      assert.equal((await run([node, '-e', 'process.kill(process.pid, "SIGKILL")'], options())).code, 137);
    });

    it('ends the whole process group on abort', async () => {
      const pids = join(folder, 'pids');
      const script = `const { spawn } = require('node:child_process');
        const child = spawn('sleep', ['60'], { stdio: 'inherit' });
        require('node:fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + child.pid);
        setInterval(() => {}, 1000)`;
      const abort = new AbortController();
      const running = run([node, '-e', script], { ...options(), signal: abort.signal });
      await until(() =>
        readFile(pids, 'utf8').then(
          (text) => text.includes(' '),
          () => false,
        ),
      );
      const [parent, child] = (await readFile(pids, 'utf8')).split(' ').map(Number) as [number, number];
      assert.ok(alive(parent) && alive(child));
      abort.abort();
      await assert.rejects(running, fails('INTERRUPTED', /Interrupted/));
      await until(() => !alive(parent) && !alive(child));
    });

    it('kills what ignores the request to end, two seconds later', async () => {
      const ready = join(folder, 'ready');
      const script = `process.on('SIGTERM', () => {});
        require('node:fs').writeFileSync(${JSON.stringify(ready)}, ''); setInterval(() => {}, 1000)`;
      const abort = new AbortController();
      const running = run([node, '-e', script], { ...options(), signal: abort.signal });
      await until(() =>
        stat(ready).then(
          () => true,
          () => false,
        ),
      );
      const asked = Date.now();
      abort.abort();
      await assert.rejects(running, fails('INTERRUPTED', /Interrupted/));
      assert.ok(Date.now() - asked >= 1900, `${Date.now() - asked} ms`);
    });

    it('stops a program that takes too long, and says which', async () => {
      await assert.rejects(
        run(['sleep', '60'], { ...options(), timeout: 100 }),
        fails('UNAVAILABLE', /`sleep` did not end within 0.1 s/),
      );
    });

    it('starts nothing once interrupted', async () => {
      const mark = join(folder, 'mark');
      await assert.rejects(
        run(['touch', mark], { ...options(), signal: AbortSignal.abort() }),
        fails('INTERRUPTED', /Interrupted/),
      );
      await assert.rejects(stat(mark));
    });
  });

  describe('attach', () => {
    it('waits for the program and gives its exit code', async () => {
      const code = await attach([node, '-e', 'process.exitCode = 7'], { env, signal: new AbortController().signal });
      assert.equal(code, 7);
    });

    it('ends the program on abort', async () => {
      const abort = new AbortController();
      const attached = attach(['sleep', '60'], { env, signal: abort.signal });
      setImmediate(() => abort.abort());
      assert.equal(await attached, 143);
    });
  });

  describe('detach', () => {
    it('leaves the program running in a session of its own, writing to its log', async () => {
      const logFile = join(folder, 'log');
      const pid = await detach(
        [node, '-e', 'console.log("up"); console.error("running"); setInterval(() => {}, 1000)'],
        {
          env,
          logFile,
        },
      );
      try {
        await until(async () => (await readFile(logFile, 'utf8')).includes('running'));
        assert.match(await readFile(logFile, 'utf8'), /up\nrunning/);
        assert.equal((await stat(logFile)).mode & 0o777, 0o600);
        assert.ok(alive(pid) && alive(-pid), 'it leads its own process group');
      } finally {
        process.kill(-pid, 'SIGKILL');
      }
    });

    it('says which tool is missing', async () => {
      await assert.rejects(
        detach(['no-such-tool'], { env, logFile: join(folder, 'log') }),
        fails('NOT_FOUND', /`no-such-tool` is not installed/),
      );
    });
  });

  describe('openInBrowser', () => {
    async function opener(name: string, exit: number): Promise<string> {
      const seen = join(folder, 'seen');
      await writeFile(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" > ${seen}\nexit ${exit}\n`);
      await chmod(join(folder, name), 0o755);
      return seen;
    }
    const page = 'http://127.0.0.1:9090/graph?g0.expr=up&g0.tab=0';

    it('hands the address over as one word', async () => {
      for (const [platform, name, before] of [
        ['linux', 'xdg-open', ''],
        ['darwin', 'open', ''],
        ['win32', 'rundll32', 'url.dll,FileProtocolHandler\n'],
      ] as const) {
        const seen = await opener(name, 0);
        await openInBrowser(page, { env: { PATH: `${folder}:/bin:/usr/bin` }, platform });
        assert.equal(await readFile(seen, 'utf8'), `${before}${page}\n`);
      }
    });

    it('refuses anything that is not a web page', async () => {
      for (const url of ['file:///etc/passwd', 'javascript:alert(1)', '-a Calculator', 'ssh://host']) {
        await assert.rejects(openInBrowser(url, { env }), fails('REFUSED', /http/));
      }
    });

    it('gives the address to open by hand when there is no browser', async () => {
      await assert.rejects(
        openInBrowser(page, { env: { PATH: folder }, platform: 'linux' }),
        fails('NOT_FOUND', /xdg-open.*Open it yourself: http:\/\/127/),
      );
      await opener('xdg-open', 3);
      await assert.rejects(
        openInBrowser(page, { env: { PATH: `${folder}:/bin:/usr/bin` }, platform: 'linux' }),
        fails('FAILED', /Open it yourself: http:\/\/127/),
      );
    });
  });

  it('leaves no listener on the signal behind', async () => {
    const { signal } = new AbortController();
    await attach(['true'], { env, signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});
