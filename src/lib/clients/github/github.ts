/** What `oncall` asks of GitHub. `repository` is `owner/name`. Times are ISO 8601 UTC strings; absent is null. */
export interface GitHub {
  whoAmI(): Promise<TokenHolder>;
  /** Workflows of a repository. */
  workflows(repository: string): Promise<{ name: string; file: string }[]>;
  /** Deployments to an environment, newest first, each with its whole status history reduced to what matters. */
  deployments(repository: string, query: { environment: string; limit: number }): Promise<Deployment[]>;
  /** Runs of a workflow, newest first. */
  runs(repository: string, query: { workflow: string; limit: number; createdAfter?: string }): Promise<WorkflowRun[]>;
  run(repository: string, id: number): Promise<WorkflowRun>;
  steps(repository: string, runId: number): Promise<RunStep[]>;
  commit(repository: string, ref: string): Promise<Commit>;
  commits(repository: string, query: { limit: number; until?: string }): Promise<Commit[]>;
  /** What lies between two commits: the commits, the changed files, and the pull requests they came from. */
  compare(repository: string, range: { base: string; head: string }): Promise<Comparison>;
  /**
   * Starts a workflow, once. It is never sent again, whatever the answer.
   * @returns the run when GitHub names it, null when it only says that it accepted (find it by its nonce).
   */
  dispatch(repository: string, request: DispatchRequest): Promise<{ runId: number; url: string } | null>;
  /** The run whose title carries the nonce; null while there is none. */
  findRun(
    repository: string,
    query: { workflow: string; nonce: string; createdAfter: string },
  ): Promise<WorkflowRun | null>;
  /** An Actions variable; null when it is not set. */
  variable(repository: string, name: string): Promise<string | null>;
  setVariable(repository: string, name: string, value: string): Promise<void>;
  deleteVariable(repository: string, name: string): Promise<void>;
  /** A file of the default branch as text; null when it does not exist. */
  file(repository: string, path: string): Promise<string | null>;
  /** A file as text where a branch, a tag or a commit stands; null when it does not exist. */
  fileAt(repository: string, path: string, ref: string): Promise<string | null>;
  defaultBranch(repository: string): Promise<string>;
  /** The approvals that a run waits for; empty when it waits for none. */
  gates(repository: string, runId: number): Promise<Gate[]>;
  /** Approves, once. It is never sent again, whatever the answer. */
  approve(repository: string, runId: number, review: { environments: number[]; comment: string }): Promise<void>;
  /** What the checks and statuses of a commit say; what this token may not see is left out. */
  checks(repository: string, sha: string): Promise<CommitChecks>;
  /** The commit at a branch's tip; null when there is no such branch. */
  branchTip(repository: string, branch: string): Promise<string | null>;
  /** Writes files as one commit on top of another; no branch has it yet. Gives its sha. */
  commitFiles(repository: string, change: FilesChange): Promise<string>;
  createBranch(repository: string, branch: { name: string; sha: string }): Promise<void>;
  /** Moves a branch on to a commit that follows its tip. */
  advanceBranch(repository: string, branch: { name: string; sha: string }): Promise<void>;
  /** The open pull request of a branch of this repository; null when there is none. */
  openPull(repository: string, branch: string): Promise<OpenPull | null>;
  createPull(repository: string, pull: NewPull): Promise<OpenPull>;
}

/** An environment whose approval a run waits for. */
export interface Gate {
  environmentId: number;
  environment: string;
  /** Whether the account of this token may approve it. */
  mine: boolean;
  /** Logins and teams that may. */
  reviewers: string[];
  /** Minutes that have to pass in any case; 0 for none. */
  waitMinutes: number;
}

export interface CommitChecks {
  /** Those that are over and not good, by name. */
  failed: string[];
  /** Those that are not over. */
  pending: string[];
  /** How many there are; 0 says that nothing checks this commit, or that this token may not see it. */
  total: number;
  /** False when this token could see none of the places where checks are reported. */
  seen: boolean;
}

export interface FilesChange {
  parent: string;
  message: string;
  files: readonly { path: string; text: string }[];
}

export interface NewPull {
  title: string;
  body: string;
  branch: string;
  base: string;
}

export interface OpenPull {
  number: number;
  url: string;
  headSha: string;
}

export interface TokenHolder {
  login: string;
  /** When the token ends; null when GitHub does not say, as for those that do not. */
  expiresAt: string | null;
  /** What a classic token may do; null for a fine-grained one, whose permissions nothing lists. */
  scopes: string[] | null;
}

export interface Deployment {
  id: number;
  sha: string;
  ref: string;
  environment: string;
  createdAt: string;
  creator: string | null;
  /** `succeeded` when *any* status was success: a later `inactive` does not undo it. */
  state: 'succeeded' | 'failed' | 'running' | 'unknown';
  /** When it first succeeded. */
  succeededAt: string | null;
  runUrl: string | null;
}

export interface WorkflowRun {
  id: number;
  url: string;
  title: string;
  workflow: string;
  sha: string;
  branch: string | null;
  event: string;
  actor: string | null;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface RunStep {
  job: string;
  name: string;
  status: string;
  conclusion: string | null;
}

export interface Commit {
  sha: string;
  title: string;
  author: string;
  at: string;
  url: string;
}

export interface PullRequest {
  number: number;
  title: string;
  author: string;
  url: string;
}

export interface Comparison {
  status: 'ahead' | 'behind' | 'diverged' | 'identical';
  commits: Commit[];
  files: string[];
  pulls: PullRequest[];
  /** True when GitHub cut the list of commits or files, or did not tell all pull requests. */
  truncated: boolean;
  url: string;
}

export interface DispatchRequest {
  workflow: string;
  /** Branch or tag that holds the workflow file. */
  ref: string;
  inputs: Record<string, string>;
}
