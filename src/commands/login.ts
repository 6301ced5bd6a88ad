import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { STATIONS, type Station, type StationName, stations } from '../lib/cli/stations.ts';
import { lookAtSignIns, type SignIn, signIn, signInVerdict, toSignIn } from '../lib/doctor/sign-ins.ts';
import { planView, signInsView } from '../lib/doctor/sign-ins-view.ts';

export default class Login extends OncallCommand {
  static override summary = 'Sign in to AWS, the cluster and GitHub, in one go';
  static override description =
    'Looks first what is still valid, and runs only the sign-ins that are needed, one after the other, with their own programs: `aws sso login`, the cluster’s own, `gh auth login`. Then it looks again. Where nobody can answer it prints the commands and exits 4.';
  static override examples = [
    {
      description: 'Before a shift, or when something says that you are not signed in',
      command: '<%= config.bin %> login',
    },
    {
      description: 'Only one of them, even if it is still valid',
      command: '<%= config.bin %> login --only aws --force',
    },
  ];
  static override exitCodes = [3, 4, 6];
  static override flags = {
    only: Flags.option({
      summary: 'Only this one; repeat it for more',
      options: STATIONS,
      multiple: true,
    })(),
    force: Flags.boolean({ summary: 'Sign in again, even where it is still valid' }),
    'dry-run': Flags.boolean({ summary: 'Print the commands and run none' }),
  };

  async run(): Promise<{ signIns: SignIn[]; practice: boolean }> {
    const { flags } = await this.parse(Login);
    const context = this.open(flags);
    if ((await context.config()).connection.world === 'sandbox') {
      this.say('Nothing to do: a practice world brings its own sign-ins. Outside of it, `oncall login` signs you in.');
      return { signIns: [], practice: true };
    }
    const all = await stations(context, flags.only as StationName[] | undefined);
    const progress = this.progress();
    if (this.invocation.terminal.errorIsTty) progress.update('Looking what is still valid …');
    const before = await lookAtSignIns(all).finally(() => progress.done());
    const due = toSignIn(before, flags.force);
    if (due.length > 0) this.say(planView(before, due, this.#look(context)));
    const runs = due.length > 0 && !flags['dry-run'] && context.prompts.possible;
    const after = runs
      ? await signIn({ stations: all, before, force: flags.force }, (station, argv) =>
          this.#run(context, station, argv),
        )
      : before;
    if (runs || due.length === 0) this.say(signInsView(after, this.#look(context)));
    const verdict = flags['dry-run'] ? null : signInVerdict(after);
    if (verdict) this.endWith(verdict);
    else if (!flags['dry-run']) this.say(`${this.#sign.next} next: oncall doctor --for-shift`);
    return { signIns: after, practice: false };
  }

  /** The program has the terminal to itself until it ends. */
  async #run(context: Context, { title }: Station, argv: readonly [string, ...string[]]): Promise<number> {
    const { attach } = await context.processes();
    this.say(`\n${this.#sign.next} ${title}: ${argv.join(' ')}`);
    return attach(argv, { env: this.invocation.shell.env, cwd: this.invocation.shell.cwd, signal: context.signal });
  }

  get #sign() {
    return this.invocation.terminal.paint.sign;
  }

  #look(context: Context) {
    const { paint, width } = this.invocation.terminal;
    return { paint, width, zone: context.zone, now: context.now() };
  }
}
