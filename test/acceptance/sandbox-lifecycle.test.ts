import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../bin/registry.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built program as a user's shell would. */
function oncall(argv: string[], state: string): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: state, XDG_STATE_HOME: state, LANG: 'C.UTF-8', TERM: 'xterm' };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'bin/run.js'), ...argv], { env, cwd: state }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
}

/** Whether a process still runs. One that has ended and waits to be reaped by the system's first process does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

describe('the built program', function () {
  this.timeout(60_000);
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'oncall-built-'));
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  it('starts a sandbox in the background, finds it again, and leaves nothing running', async () => {
    const started = await oncall(['sandbox', 'start', '--detach', '--json'], state);
    assert.equal(started.code, 0, started.stderr);
    const { pid, directory } = (JSON.parse(started.stdout) as { result: { pid: number; directory: string } }).result;
    try {
      const linked = await new Promise<string>((resolve) => {
        execFile(join(directory, 'bin', 'oncall'), ['--version'], (_error, stdout) => resolve(stdout));
      });
      assert.match(linked, /^oncall\//, 'a shell that follows `sandbox env` finds oncall there');
      const again = await oncall(['sandbox', 'start', '--detach'], state);
      assert.match(again.stdout, /already running/);
      const advanced = await oncall(['sandbox', 'advance', '20s'], state);
      assert.equal(advanced.code, 0, advanced.stderr);
      const status = await oncall(['sandbox', 'status'], state);
      assert.match(status.stdout, /dolthubapi is down/);
    } finally {
      const stopped = await oncall(['sandbox', 'stop'], state);
      assert.equal(stopped.code, 0, stopped.stderr);
    }
    assert.equal(isRunning(pid), false);
    assert.equal(existsSync(join(directory, 'sandbox.json')), false);
    const gone = await oncall(['sandbox', 'status'], state);
    assert.equal(gone.code, 5);
  });

  it('walks through the demo with the real commands in less than twenty seconds', async () => {
    const began = Date.now();
    const ran = await oncall(['drill', 'start', 'bad-deploy', '--auto'], state);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /Drill passed/);
    for (const command of [
      'now',
      'ack',
      'logs',
      'graph',
      'deploys',
      'note',
      'revert',
      'resolve',
      'incident timeline',
    ]) {
      assert.match(ran.stdout, new RegExp(`\\$ oncall ${command}`));
    }
    assert.ok(Date.now() - began < 20_000, `${Date.now() - began} ms`);
  });

  it('ends the demo as failed when the revert fails, and says at which command', async () => {
    const ran = await oncall(['drill', 'start', 'bad-deploy', '--auto', '--fail-revert'], state);
    assert.equal(ran.code, 1);
    assert.match(ran.stdout, /Drill failed/);
    assert.match(ran.stdout, /oncall revert .* ended with 1/);
    assert.doesNotMatch(ran.stdout, /\$ oncall resolve/);
  });
});
