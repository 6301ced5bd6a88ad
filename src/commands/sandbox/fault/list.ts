import { resolve } from 'node:path';
import { OncallCommand } from '../../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../../lib/cli/flags.ts';
import { callControl, requireAddress } from '../../../lib/sandbox/control-client.ts';
import { faultWords, isSpent } from '../../../lib/sandbox/fault-words.ts';
import type { Fault } from '../../../lib/sandbox/faults.ts';
import { plain } from '../../../lib/text/plain.ts';
import { type Column, table } from '../../../lib/text/table.ts';

const COLUMNS: readonly Column<Fault>[] = [
  { title: 'ID', cell: ({ id }) => String(id) },
  { title: 'WHAT', cell: (fault) => plain(faultWords(fault)), shrink: true },
  { title: 'STATE', cell: (fault) => stateOf(fault) },
  { title: 'HITS', cell: ({ hits }) => String(hits) },
];

export default class SandboxFaultList extends OncallCommand {
  static override summary = 'What misbehaves in the practice world, and how often it has hit';
  static override examples = ['<%= config.bin %> sandbox fault list'];
  static override exitCodes = [5, 6];
  static override flags = { ...sandboxFlag };

  async run(): Promise<{ faults: Fault[] }> {
    const { flags } = await this.parse(SandboxFaultList);
    const context = this.open(flags);
    const address = await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    const faults = await callControl<Fault[]>(address, { method: 'GET', path: '/faults', signal: context.signal });
    if (faults.length === 0) this.say('Every service works as it should.');
    else this.say(table(faults, COLUMNS, this.invocation.terminal.width));
    return { faults };
  }
}

function stateOf(fault: Fault): string {
  if (isSpent(fault)) return 'spent';
  const waits = fault.after - fault.passed;
  return waits > 0 ? `begins after ${waits} more` : 'in force';
}
