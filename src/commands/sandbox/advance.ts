import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../lib/cli/flags.ts';
import { callControl, requireAddress } from '../../lib/sandbox/control-client.ts';
import { formatDuration, parseDuration } from '../../lib/text/time.ts';

export default class SandboxAdvance extends OncallCommand {
  static override summary = "Move the practice world's waits on, as if the time had passed";
  static override description =
    'What was waited for happens at once and in order: an alert fires, the next responder is paged, a workflow ends. Clocks do not move: every timestamp stays wall-clock time.';
  static override examples = [
    { description: 'Nobody acknowledges for five minutes', command: '<%= config.bin %> sandbox advance 5m' },
  ];
  static override exitCodes = [5, 6];
  static override args = {
    duration: Args.string({ required: true, description: 'How much waiting, such as 30s, 5m or 2h' }),
  };
  static override flags = { ...sandboxFlag };

  async run(): Promise<{ advanced: number }> {
    const { args, flags } = await this.parse(SandboxAdvance);
    const context = this.open(flags);
    const ms = parseDuration(args.duration);
    const address = await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    await callControl(address, { method: 'POST', path: '/advance', body: { ms }, signal: context.signal });
    this.say(`${formatDuration(ms)} of waiting are over.`);
    return { advanced: ms };
  }
}
