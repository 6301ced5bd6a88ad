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
  defaultBranch(repository: string): Promise<string>;
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
