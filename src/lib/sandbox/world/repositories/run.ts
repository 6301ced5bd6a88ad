import type { Account } from './accounts.ts';
import type { Workflow } from './workflow.ts';

export type RunStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

/** Times are wall-clock milliseconds since 1970. */
export interface Step {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
}

export interface Job {
  id: number;
  attempt: number;
  name: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  createdAt: number;
  startedAt: number;
  completedAt: number | null;
  /** Empty until a runner has picked the job up. */
  steps: Step[];
}

/** One run of a workflow: its latest attempt, and the jobs of those before. */
export interface Run {
  id: number;
  suite: number;
  number: number;
  attempt: number;
  workflow: Workflow;
  event: 'workflow_dispatch' | 'push' | 'pull_request';
  title: string;
  headSha: string;
  headBranch: string;
  inputs: Readonly<Record<string, string>>;
  actor: Account;
  triggeringActor: Account;
  status: RunStatus;
  conclusion: Conclusion | null;
  createdAt: number;
  startedAt: number;
  updatedAt: number;
  /** Jobs of every attempt, oldest first. */
  jobs: Job[];
  /** The waiting time (`WorldClock.waited`) from which lists show the run; it can be asked for by id at once. */
  listedFrom: number;
}

/** The jobs of one attempt. */
export function jobsOf(run: Run, attempt: number): Job[] {
  return run.jobs.filter((job) => job.attempt === attempt);
}
