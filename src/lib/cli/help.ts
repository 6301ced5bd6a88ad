import type { Command } from '@oclif/core/command';
import { CommandHelp, Help, type HelpSectionRenderer } from '@oclif/core/help';
import { EXIT_MEANINGS } from '../errors.ts';

/** Exit codes that any command may give; the rest a command lists itself. */
const ALWAYS = [0, 1, 2, 130];

/** The codes that a command may end with, each with its meaning. */
export function exitCodeLines(own: readonly number[]): string[] {
  return [...new Set([...ALWAYS, ...own])]
    .sort((a, b) => a - b)
    .map((code) => `${String(code).padStart(3)}  ${EXIT_MEANINGS[code]}`);
}

class CommandHelpWithExitCodes extends CommandHelp {
  protected override sections(): { header: string; generate: HelpSectionRenderer }[] {
    const own = (this.command as Command.Loadable & { exitCodes?: readonly number[] }).exitCodes ?? [];
    return [...super.sections(), { header: 'EXIT CODES', generate: () => exitCodeLines(own).join('\n') }];
  }
}

/** oclif's help, with the exit codes of each command. */
export class OncallHelp extends Help {
  protected override CommandHelpClass = CommandHelpWithExitCodes;
}
