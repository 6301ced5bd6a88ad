import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Received } from '../../src/lib/sandbox/exchange.ts';
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/sandbox.ts';
import { type Ran, type RunOptions, runOncall } from './run-oncall.ts';

/** A practice world in this process, with everything a test of a command needs. */
export interface TestWorld {
  sandbox: Sandbox;
  /** The environment that `eval "$(oncall sandbox env)"` would set. */
  env: Record<string, string>;
  /** Runs a command in it. */
  oncall(argv: string[], options?: RunOptions): Promise<Ran>;
  /** Moves the world's waits on by so many seconds of life. */
  advance(seconds: number): void;
  /** What a face has received since the last `forget`, optionally only one operation. */
  received(face: string, operation?: string): Received[];
  /** Forgets what was received so far. */
  forget(): void;
  close(): Promise<void>;
}

/**
 * Starts a practice world of its own, over HTTP and TLS on loopback, and waits until its first page has been delivered.
 * Its waits do not pass by themselves to any extent that matters (speed 1): a test moves them with `advance`, or gives a
 * high `speed` where the command under test waits for the world itself.
 *
 *     const world = await startWorld();                    // or { scenario: 'quiet', speed: 100, paged: false }
 *     const ran = await world.oncall(['ack', '--json']);
 *     assert.equal(ran.code, 0);
 *     assert.equal(world.received('ssm-contacts', 'AcceptPage').length, 1);
 *     await world.close();
 */
export async function startWorld(
  options: { scenario?: string; speed?: number; seed?: number; paged?: boolean; githubToken?: string } = {},
): Promise<TestWorld> {
  const { scenario = 'bad-deploy', speed = 1, seed = 1 } = options;
  const directory = join(tmpdir(), `oncall-test-${randomUUID()}`);
  const sandbox = await startSandbox({
    ...{ directory, scenario, speed, seed },
    ...(options.githubToken ? { githubToken: options.githubToken } : {}),
  });
  if (scenario === 'bad-deploy' && options.paged !== false) sandbox.world.clock.advance(20_000);
  const env = Object.fromEntries(
    Object.entries(sandbox.environment).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  let seen = 0;
  return {
    sandbox,
    env,
    oncall: (argv, more = {}) => runOncall(argv, { ...more, env: { ...env, HOME: directory, ...more.env } }),
    advance: (seconds) => sandbox.world.clock.advance(seconds * 1000),
    received: (face, operation) =>
      sandbox
        .received()
        .slice(seen)
        .filter((one) => one.face === face && (operation === undefined || one.operation === operation)),
    forget() {
      seen = sandbox.received().length;
    },
    async close() {
      await sandbox.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
