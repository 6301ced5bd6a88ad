/** What a message to the team is about, as far as it is known. */
export interface Background {
  title: string;
  /** The incident's id as people type it. */
  id: string;
  service: string | null;
  /** Onset, in milliseconds since 1970; null when it is not known. */
  since: number | null;
  /** Names of those who acknowledged. */
  takenBy: string[];
  resolved: boolean;
}

/** What somebody needs to know who is asked for help. */
export interface Inquiry extends Background {
  /** How bad it is, a line each; empty when that is not known. */
  impact: string[];
  /** What was done so far, oldest first. */
  tried: string[];
  links: { title: string; url: string }[];
  onCall: string | null;
  /** What could not be found out, and why. */
  missing: string[];
}
