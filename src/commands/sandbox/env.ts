import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
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
    const address = flags.unset
      ? null
      : await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    const environment = address
      ? environmentOf(address)
      : Object.fromEntries(environmentNames().map((name) => [name, null]));
    const programs = address && !this.#isOnPath() ? `${address.directory}/bin` : null;
    this.sayVerbatim(environmentLines(environment, { shell: flags.shell as ShellKind, unset: flags.unset, programs }));
    return { environment };
  }

  /**
   * In a fresh clone `oncall` is reached through npx, and the lines that follow would not find it. Directories that npx puts
   * on the path do not count: they are there for this one run.
   */
  #isOnPath(): boolean {
    const directories = (this.invocation.shell.env.PATH ?? '').split(delimiter).filter(Boolean);
    const lasting = directories.filter((directory) => !directory.endsWith(join('node_modules', '.bin')));
    return lasting.some((directory) => existsSync(join(directory, 'oncall')));
  }
}
