import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../lib/cli/flags.ts';
import { requireAddress } from '../../lib/sandbox/control-client.ts';
import { environmentLines, environmentNames, environmentOf, type ShellKind } from '../../lib/sandbox/env.ts';

export default class SandboxEnv extends OncallCommand {
  static override summary = 'Print the lines that point a shell at the sandbox, or back';
  static override examples = [
    { description: 'Enter the practice world', command: 'eval "$(<%= config.bin %> sandbox env)"' },
    {
      description: 'Leave it; what was set before comes back',
      command: 'eval "$(<%= config.bin %> sandbox env --unset)"',
    },
    { description: 'In fish', command: '<%= config.bin %> sandbox env --shell fish | source' },
  ];
  static override exitCodes = [5];
  static override flags = {
    shell: Flags.string({ summary: 'Whose syntax to use', options: ['sh', 'fish', 'json'], default: 'sh' }),
    unset: Flags.boolean({ summary: 'The lines that lead back to the real world' }),
    ...sandboxFlag,
  };

  async run(): Promise<object> {
    const { flags } = await this.parse(SandboxEnv);
    const context = this.open(flags);
    // Leaving must work when the sandbox has gone: it needs only the names.
    const environment = flags.unset
      ? Object.fromEntries(environmentNames().map((name) => [name, null]))
      : environmentOf(await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory)));
    this.sayVerbatim(environmentLines(environment, flags.shell as ShellKind, flags.unset));
    return { environment };
  }
}
