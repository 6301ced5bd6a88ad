import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import type { Context } from '../../lib/cli/context.ts';
import { drillEnvironment } from '../../lib/drills/environment.ts';
import { type Check, judge } from '../../lib/drills/outcome.ts';
import { type DrillResult, firstPage, runDrill } from '../../lib/drills/run.ts';
import { checksView, drillView } from '../../lib/drills/view.ts';
import { OncallError } from '../../lib/errors.ts';
import { type Sandbox, startSandbox } from '../../lib/sandbox/sandbox.ts';
import { SCENARIOS } from '../../lib/sandbox/world/scenario.ts';

/** Fast enough that nobody waits for a workflow run, slow enough that every step can still be seen to happen. */
const AUTO_SPEED = 30;

export default class DrillStart extends OncallCommand {
  static override summary = 'Practice an incident with the real commands, in a world where nothing is real';
  static override examples = [
    { description: 'Be paged, and handle it yourself', command: '<%= config.bin %> drill start bad-deploy' },
    { description: 'Watch how it is done', command: '<%= config.bin %> drill start bad-deploy --auto' },
  ];
  static override exitCodes = [5];
  static override args = {
    scenario: Args.string({
      description: 'What happens',
      options: SCENARIOS.map(({ name }) => name).filter((name) => name !== 'quiet'),
      default: 'bad-deploy',
    }),
  };
  static override flags = {
    auto: Flags.boolean({ summary: 'Type the commands for you' }),
    speed: Flags.integer({
      summary: 'How many times faster than life waits pass; default 1, with --auto 30',
      min: 1,
      max: 1000,
    }),
    seed: Flags.integer({ summary: 'The same seed gives the same world', default: 1 }),
    'fail-revert': Flags.boolean({ summary: "Let the revert's workflow run fail, to see what a bad day looks like" }),
  };

  async run(): Promise<DrillResult | { checks: Check[] }> {
    const { args, flags } = await this.parse(DrillStart);
    const context = this.open(flags);
    const { terminal } = this.invocation;
    terminal.label = 'DRILL';
    if (!flags.auto && !(terminal.inputIsTty && terminal.outputIsTty)) {
      throw new OncallError('A drill needs a terminal to hand you the keyboard.', {
        code: 'USAGE',
        hint: 'Run it in a terminal, or watch it with --auto.',
      });
    }
    const directory = await context.files.makeTemporaryDirectory('oncall-drill-');
    const speed = flags.speed ?? (flags.auto ? AUTO_SPEED : 1);
    const sandbox = await startSandbox({
      directory,
      scenario: args.scenario,
      speed,
      seed: flags.seed,
      program: this.invocation.self.at(-1) ?? null,
    });
    if (flags['fail-revert']) sandbox.world.repositories.failNext({ workflow: 'revert.yml', step: 'Deploy' });
    try {
      return flags.auto ? await this.#auto(context, sandbox) : await this.#handOver(context, sandbox);
    } finally {
      await sandbox.close();
      await context.files.removeTree(directory);
    }
  }

  async #auto(context: Context, sandbox: Sandbox): Promise<DrillResult> {
    const { paint } = this.invocation.terminal;
    const { attach, run } = await context.processes();
    const env = drillEnvironment(this.invocation.shell.env, sandbox);
    const { scenario, clock } = sandbox.world;
    this.say(`${scenario.title}. Nothing here is real; waits pass ${clock.speed} times faster.`);
    const result = await runDrill(sandbox, {
      tell: (text) => this.say(`\n${paint.warn(text)}`),
      type: (command, why) => this.say(`\n${paint.dim(`# ${why}`)}\n${paint.strong(`$ ${command}`)}`),
      oncall: async (words) => {
        const argv = [...this.invocation.self, ...words] as [string, ...string[]];
        if (!this.jsonEnabled()) return attach(argv, { env, signal: context.signal });
        return (await run(argv, { env, timeout: 60_000, signal: context.signal })).code;
      },
      now: () => context.now(),
      signal: context.signal,
    });
    this.say(`\n${drillView(result, paint)}`);
    if (!result.passed) {
      throw new OncallError('The drill did not end well.', {
        code: 'FAILED',
        hint: 'Read the first command that failed, above.',
      });
    }
    this.say(`${paint.sign.next} next: be on call yourself with ${paint.command('oncall drill start bad-deploy')}`);
    return result;
  }

  async #handOver(context: Context, sandbox: Sandbox): Promise<{ checks: Check[] }> {
    const { terminal, shell } = this.invocation;
    const { paint } = terminal;
    const { attach } = await context.processes();
    const progress = this.progress();
    progress.update('It is three in the morning. You are on call. The phone is quiet.');
    await firstPage(sandbox, context.signal);
    progress.done();
    this.say(paint.warn('Your phone rings: "dolthubapi is down". Nothing here is real, but the commands are.'));
    this.say(`Begin with ${paint.command('oncall ack')}. End the drill with ${paint.command('exit')}.`);
    await attach([shell.env.SHELL || '/bin/sh'], { env: drillEnvironment(shell.env, sandbox), signal: context.signal });
    const checks = judge(sandbox);
    this.say(checksView(checks, paint));
    return { checks };
  }
}
