import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { stations } from '../lib/cli/stations.ts';
import type { Check, Finding } from '../lib/doctor/check.ts';
import { asChecks, diagnosis, type Patient, runChecks } from '../lib/doctor/run-checks.ts';
import { shiftChecks, shiftHeadline, untilMoment } from '../lib/doctor/shift-checks.ts';
import { checksView } from '../lib/doctor/view.ts';

/** Longest that a program may take to say its version, in milliseconds. */
const TOOL_PATIENCE = 4000;

export default class Doctor extends OncallCommand {
  static override summary = 'Check everything that a page needs, and say how to mend what does not work';
  static override description =
    'Configuration, sign-ins, your own phone, the escalation plan and rota, the cluster, GitHub, Prometheus, Alertmanager. All at once, at most 5 s each; it changes nothing. The exit code is that of the worst: 4 a sign-in, 6 not reachable, 3 configuration, else 1.';
  static override examples = [
    { description: 'Before your first shift, and after every change of laptop', command: '<%= config.bin %> doctor' },
    { description: 'What runs out before your shift is over', command: '<%= config.bin %> doctor --for-shift' },
    { description: 'Only the configuration and the sign-ins', command: '<%= config.bin %> doctor --quick' },
  ];
  static override exitCodes = [3, 4, 6];
  static override flags = {
    quick: Flags.boolean({ summary: 'Only the configuration and the sign-ins', exclusive: ['for-shift'] }),
    'for-shift': Flags.boolean({
      summary: 'Only what ends, or is left over, before your shift (or your next one) ends',
    }),
    until: Flags.string({
      summary: 'With --for-shift: until when, as a span or ISO 8601; default: the end of your shift',
      helpValue: 'TIME',
      dependsOn: ['for-shift'],
    }),
  };

  async run(): Promise<{ checks: Check[] }> {
    const { flags } = await this.parse(Doctor);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const progress = this.progress();
    if (this.invocation.terminal.errorIsTty) progress.update('Looking at everything, at most 5 s each …');
    const findings = await (flags['for-shift']
      ? this.#forShift(context, flags.until ?? null)
      : runChecks(this.#patient(context, flags.quick))
    ).finally(() => progress.done());
    const checks = asChecks(findings);
    this.say(checksView(checks, { paint, ...(flags['for-shift'] ? { title: shiftHeadline(findings) } : {}) }));
    const failure = diagnosis(findings);
    if (failure) this.endWith(failure);
    else this.say(`${paint.sign.next} next: ${paint.command('oncall now')}`);
    return { checks };
  }

  async #forShift(context: Context, until: string | null): Promise<Finding[]> {
    const config = await context.config();
    const now = context.now();
    return shiftChecks({
      config,
      ...this.#sources(context),
      stations: await stations(context),
      now: () => context.now(),
      zone: context.zone,
      until: until === null ? null : untilMoment(until, now),
    });
  }

  #sources(context: Context) {
    return {
      pager: () => context.pager(),
      kubernetes: () => context.kubernetes(),
      github: () => context.github(),
      prometheus: () => context.prometheus(),
      alertmanager: () => context.alertmanager(),
      discord: () => context.discord(),
      me: () => context.me(),
    };
  }

  #patient(context: Context, quick: boolean): Patient {
    const { env } = this.invocation.shell;
    return {
      config: () => context.config(),
      ...this.#sources(context),
      ownDirectory: context.places.config,
      runTool: async (argv) => {
        const { run } = await context.processes();
        return (await run(argv, { env, timeout: TOOL_PATIENCE, signal: context.signal })).stdout;
      },
      textBeside: (path) => context.textBeside(path),
      pendingNotes: () => context.journal.pending(),
      practiceShell: Boolean(env.ONCALL_SANDBOX),
      now: () => context.now(),
      quick,
    };
  }
}
