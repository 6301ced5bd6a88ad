/** One time that a commit of a service went out, in whatever source it was found. Times are ISO 8601 UTC; absent is null. */
export interface DeployRecord {
  /** The commit, in full where the source says so; the image's tag where that names no commit. */
  sha: string;
  startedAt: string;
  /** When it first succeeded, whatever became of it later. */
  succeededAt: string | null;
  state: 'succeeded' | 'failed' | 'running' | 'unknown';
  /** Who set it off, as the source names them. */
  by: string | null;
  runUrl: string | null;
}

/** A record with what is known of its commit. */
export interface NamedDeploy extends Omit<DeployRecord, 'by'> {
  service: string;
  /** The pull request's title, or the commit's. */
  title: string | null;
  pull: number | null;
  /** Who wrote the change; who deployed it where that is not known. */
  author: string | null;
}

/** A deploy with its place in the history. */
export interface Deploy extends NamedDeploy {
  /** How long it ran: from its success until the next deploy's, or until now if it still runs. Null if it never succeeded. */
  ranSeconds: number | null;
  /** What the cluster runs now. */
  current: boolean;
  /** Where `oncall revert` leads: the newest other commit before the current one that ran quietly. */
  lastGood: boolean;
  /** Set when it went out shortly before (or just after) the trouble began; 1 is the strongest. */
  suspect: Suspicion | null;
}

export interface Suspicion {
  rank: number;
  /** Seconds from its success to the onset; negative when it came after. Nearness, not proof. */
  beforeOnsetSeconds: number;
}

/** Incidents of a service, as far as a history needs them. */
export interface Disturbance {
  startedAt: string;
}

/** Digits of a commit that people see and type. */
const SHORT_SHA = 7;
const COMMIT = /^[0-9a-f]{7,40}$/;

export function isCommit(sha: string): boolean {
  return COMMIT.test(sha);
}

/** The first seven digits of a commit; anything else as it is. */
export function shortSha(sha: string): string {
  return isCommit(sha) ? sha.slice(0, SHORT_SHA) : sha;
}

/** Whether two names mean the same commit, one of which may be cut short. */
export function sameCommit(a: string | null, b: string | null): boolean {
  if (!a || !b) return false;
  if (a === b) return true;
  return isCommit(a) && isCommit(b) && (a.startsWith(b) || b.startsWith(a));
}
