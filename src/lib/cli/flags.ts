import * as Flags from '@oclif/core/flags';
import { parseDuration } from '../text/time.ts';

/** The flags that shape a run, whatever the command. */
export interface CommonFlags {
  config?: string | undefined;
  env?: string | undefined;
  utc?: boolean | undefined;
  'no-input'?: boolean | undefined;
  json?: boolean | undefined;
}

/** Flags with one meaning everywhere. A command spreads in those it takes. */
export const incidentFlag = {
  incident: Flags.string({
    char: 'i',
    summary: 'Incident: the first characters of its id, its ARN, or words of its title',
    helpValue: 'REF',
  }),
};

export const yesFlag = {
  yes: Flags.boolean({ char: 'y', summary: 'Go ahead without asking' }),
};

export const dryRunFlag = {
  'dry-run': Flags.boolean({ summary: 'Print the exact calls and make none' }),
};

/** A span such as `15m` or `2h30m`, in milliseconds. */
export const duration = Flags.custom<number>({
  parse: async (text) => parseDuration(text),
  helpValue: 'DURATION',
});

/** For what falls back on the last known answer. */
export const waitFlag = {
  wait: duration({
    summary: 'How long to wait for a source before what it said last is shown',
    default: 3000,
    defaultHelp: async () => '3s',
  }),
};

/** Which practice world is meant; without it, the one that the shell points at, or the usual one. */
export const sandboxFlag = {
  dir: Flags.directory({
    summary: 'State directory of the sandbox, for a second one beside the first',
    helpValue: 'DIR',
  }),
};
