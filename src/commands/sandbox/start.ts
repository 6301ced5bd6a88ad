import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import type { Context } from '../../lib/cli/context.ts';
import { sandboxFlag } from '../../lib/cli/flags.ts';
import { OncallError } from '../../lib/errors.ts';
import { runningAddress } from '../../lib/sandbox/control-client.ts';
import { FILES, type SandboxAddress } from '../../lib/sandbox/env.ts';
import { startSandbox } from '../../lib/sandbox/sandbox.ts';
import { SCENARIOS } from '../../lib/sandbox/world/scenario.ts';

interface Started {
  directory: string;
  scenario: string;
  port: number;
  kubernetesPort: number;
  pid: number;
  alreadyRunning: boolean;
}

/** Longest that a detached sandbox may take to come up. */
const PATIENCE = 20_000;

export default class SandboxStart extends OncallCommand {
  static override summary = 'Start a practice world: a company, its outage, and you on call';
  static override description =
    'Everything real commands talk to, on this machine only: Incident Manager, Kubernetes, GitHub, Prometheus, Alertmanager. Stock aws, kubectl and curl work in it too.';
  static override examples = [
    {
      description: 'Start one in the background and point this shell at it',
      command: '<%= config.bin %> sandbox start --detach && eval "$(<%= config.bin %> sandbox env)"',
    },
    { description: 'A quiet day, to look around', command: '<%= config.bin %> sandbox start --scenario quiet' },
    { description: 'Ten times faster than life', command: '<%= config.bin %> sandbox start --speed 10' },
  ];
  static override exitCodes = [5, 6];
  static override flags = {
    scenario: Flags.string({
      summary: 'What happens in it',
      options: SCENARIOS.map(({ name }) => name),
      default: 'bad-deploy',
    }),
    speed: Flags.integer({ summary: 'How many times faster than life its waits pass', min: 1, max: 1000, default: 1 }),
    seed: Flags.integer({ summary: 'The same seed gives the same world', default: 1 }),
    detach: Flags.boolean({ char: 'd', summary: 'Leave it running in the background' }),
    ...sandboxFlag,
  };

  async run(): Promise<Started> {
    const { flags } = await this.parse(SandboxStart);
    const context = this.open(flags);
    const directory = resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory);
    const running = await runningAddress(directory);
    if (running) {
      this.say(`A sandbox is already running (scenario ${running.scenario}). ${this.#hint(directory)}`);
      return { ...started(running), alreadyRunning: true };
    }
    if (flags.detach) return this.#detach(context, directory, flags);
    const program = this.invocation.self.at(-1) ?? null;
    const { scenario, speed, seed } = flags;
    const sandbox = await startSandbox({ directory, scenario, speed, seed, program });
    this.say(`The practice world is open: ${sandbox.world.scenario.title}.`);
    this.say(`In another terminal: ${this.#hint(directory)}`);
    this.say('Ctrl-C closes it.');
    const interrupted = new Promise<void>((done) =>
      context.signal.addEventListener('abort', () => done(), { once: true }),
    );
    await Promise.race([sandbox.stopAsked, interrupted]);
    await sandbox.close();
    return { ...started(sandbox.address), alreadyRunning: false };
  }

  async #detach(
    context: Context,
    directory: string,
    flags: { scenario: string; speed: number; seed: number },
  ): Promise<Started> {
    const { env } = this.invocation.shell;
    const { detach } = await context.processes();
    await context.files.makePrivateDirectory(directory);
    const argv = [
      ...this.invocation.self,
      'sandbox',
      'start',
      '--dir',
      directory,
      '--scenario',
      flags.scenario,
      '--speed',
      String(flags.speed),
      '--seed',
      String(flags.seed),
    ];
    const pid = await detach(argv as [string, ...string[]], { env, logFile: `${directory}/${FILES.log}` });
    for (const giveUp = context.now() + PATIENCE; context.now() < giveUp; await context.wait(50)) {
      const address = await runningAddress(directory);
      if (address?.pid === pid) {
        this.say(`The practice world is open. ${this.#hint(directory)}`);
        return { ...started(address), alreadyRunning: false };
      }
    }
    throw new OncallError('The sandbox did not come up in time.', {
      code: 'UNAVAILABLE',
      hint: `See why in ${directory}/${FILES.log}.`,
    });
  }

  #hint(directory: string): string {
    const usual = directory === this.invocation.shell.env.ONCALL_SANDBOX || directory.endsWith('/oncall/sandbox');
    return `Point a shell at it: eval "$(oncall sandbox env${usual ? '' : ` --dir ${directory}`})"`;
  }
}

function started({ directory, scenario, port, kubernetesPort, pid }: SandboxAddress): Omit<Started, 'alreadyRunning'> {
  return { directory, scenario, port, kubernetesPort, pid };
}
