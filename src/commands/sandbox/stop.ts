import { resolve } from 'node:path';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../lib/cli/flags.ts';
import { OncallError } from '../../lib/errors.ts';
import { callControl, hasEnded, readAddress } from '../../lib/sandbox/control-client.ts';
import { FILES } from '../../lib/sandbox/env.ts';

const PATIENCE = 5000;

export default class SandboxStop extends OncallCommand {
  static override summary = 'Close the practice world; nothing of it keeps running';
  static override examples = ['<%= config.bin %> sandbox stop'];
  static override exitCodes = [7];
  static override flags = { ...sandboxFlag };

  async run(): Promise<{ stopped: boolean }> {
    const { flags } = await this.parse(SandboxStop);
    const context = this.open(flags);
    const directory = resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory);
    const address = await readAddress(directory);
    const asked = address
      ? await callControl(address, { method: 'POST', path: '/stop', signal: context.signal }).then(
          () => true,
          () => false,
        )
      : false;
    if (asked && address) {
      for (const giveUp = context.now() + PATIENCE; !hasEnded(address.pid); await context.wait(20)) {
        if (context.now() > giveUp) {
          throw new OncallError(`The sandbox (process ${address.pid}) did not end in time.`, {
            code: 'NOT_VERIFIED',
            hint: `End it with \`kill ${address.pid}\`.`,
          });
        }
      }
    }
    await context.files.removeFile(`${directory}/${FILES.address}`);
    this.say(asked ? 'The practice world is closed.' : 'No sandbox is running.');
    if (this.invocation.shell.env.ONCALL_SANDBOX)
      this.say('This shell still points at it. Leave with: eval "$(oncall sandbox env --unset)"');
    return { stopped: asked };
  }
}
