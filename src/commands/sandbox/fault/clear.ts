import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import { OncallCommand } from '../../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../../lib/cli/flags.ts';
import { OncallError } from '../../../lib/errors.ts';
import { callControl, requireAddress } from '../../../lib/sandbox/control-client.ts';
import { faultWords } from '../../../lib/sandbox/fault-words.ts';
import type { Fault } from '../../../lib/sandbox/faults.ts';
import { plain } from '../../../lib/text/plain.ts';

export default class SandboxFaultClear extends OncallCommand {
  static override summary = 'Let a service of the practice world work again: one fault, or all';
  static override examples = [
    { description: 'All of them', command: '<%= config.bin %> sandbox fault clear' },
    { description: 'One, by its number in the list', command: '<%= config.bin %> sandbox fault clear 2' },
  ];
  static override exitCodes = [5, 6];
  static override args = { id: Args.integer({ description: 'Number of the fault; without it, all', min: 1 }) };
  static override flags = { ...sandboxFlag };

  async run(): Promise<{ cleared: Fault[] }> {
    const { args, flags } = await this.parse(SandboxFaultClear);
    const context = this.open(flags);
    const address = await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    const path = args.id === undefined ? '/faults' : `/faults?id=${args.id}`;
    const cleared = await callControl<Fault[]>(address, { method: 'DELETE', path, signal: context.signal });
    if (args.id !== undefined && cleared.length === 0) {
      throw new OncallError(`There is no fault ${args.id}.`, {
        code: 'NOT_FOUND',
        hint: 'See what is in force with `oncall sandbox fault list`.',
      });
    }
    const { paint } = this.invocation.terminal;
    for (const fault of cleared) {
      this.say(`${paint.good(paint.sign.good)} No more: ${plain(faultWords(fault))} (hit ${fault.hits}).`);
    }
    if (cleared.length === 0) this.say('No fault was in force.');
    return { cleared };
  }
}
