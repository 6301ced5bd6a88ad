import { homedir } from 'node:os';

/** What the shell hands to a program. Read in this one place, so that tests and the sandbox can replace all of it. */
export interface Shell {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  home: string;
}

/** The process's own shell. */
export function currentShell(): Shell {
  return { env: process.env, cwd: process.cwd(), home: process.env.HOME ?? homedir() };
}
