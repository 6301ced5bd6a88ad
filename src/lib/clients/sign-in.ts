import type { Argv } from './processes.ts';

/** Something that runs out, e.g. a session or a certificate. */
export interface End {
  /** What it is, e.g. `single sign-on session`. */
  what: string;
  /** ISO 8601 UTC. */
  at: string;
  /** True for what is got anew without anybody's help, as long as the sign-in behind it lasts. */
  renewed: boolean;
}

/** How one signs in to an outside service. */
export interface SignInWay {
  /** The program that does it, at a terminal; null where no program can. */
  command: Argv | null;
  /** What else there is to know, or to do where there is no command; null when nothing. */
  hint: string | null;
}
