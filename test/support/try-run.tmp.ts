import { PassThrough } from 'node:stream';
import { cacheCommand } from '../../node_modules/@oclif/core/lib/util/cache-command.js';
import Graph from '../../src/commands/graph.ts';
import Logs from '../../src/commands/logs.ts';
import { runCli } from '../../src/lib/cli/run.ts';
import { createTerminal } from '../../src/lib/cli/terminal.ts';

const registry = { version: '0', commands: {} as Record<string, unknown> };
for (const [id, c] of [
  ['logs', Logs],
  ['graph', Graph],
] as const) {
  (c as any).id = id;
  registry.commands[id] = {
    metadata: await (cacheCommand as any)(c, undefined, true),
    load: async () => ({ default: c }),
  };
}
export async function runOncall(argv: string[], o: any = {}) {
  const mk = () => {
    const s = new PassThrough() as any;
    if (o.width) {
      s.isTTY = true;
      s.columns = o.width;
    }
    let t = '';
    s.on('data', (b: Buffer) => {
      t += b;
      o.onOutput?.(String(b));
    });
    return { s, text: () => t };
  };
  const out = mk(),
    err = mk();
  const env = { HOME: '/nonexistent', LANG: 'C.UTF-8', TERM: 'xterm', ...o.env };
  process.exitCode = 0;
  await runCli(
    argv,
    registry as any,
    {
      root: '/work/main',
      invocation: {
        shell: { env, cwd: '/', home: env.HOME },
        terminal: createTerminal({ input: new PassThrough(), output: out.s, error: err.s } as any, {
          ...(o.colour ? {} : { NO_COLOR: '1' }),
          ...env,
        }),
        signal: o.signal ?? new AbortController().signal,
        now: o.now ?? Date.now,
        self: [],
      },
    } as any,
  );
  const code = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { stdout: out.text(), stderr: err.text(), code };
}
