import type { GitHub } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';
import type { ApiCall } from './api-call.ts';

/** How long a run that GitHub did not name is looked for, and how often, in milliseconds. */
const LOOK_FOR = 30_000;
const LOOK_EVERY = 2000;

export interface RunRequest {
  repository: string;
  workflow: string;
  /** Branch that holds the workflow's file. */
  ref: string;
  inputs: Record<string, string>;
  /** What one of the inputs carries into the run's title, so that the run can be found by it. */
  nonce: string;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Resolves after so many milliseconds, or rejects with INTERRUPTED. */
  wait: (ms: number) => Promise<void>;
}

export interface StartedRun {
  id: number;
  url: string;
}

/**
 * Dispatches a workflow once, and finds out which run that started: GitHub names it, or else it is looked for by its
 * nonce. It is looked for, too, when the answer leaves open whether anything was started; it is never dispatched again.
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 * @throws NOT_VERIFIED when the run cannot be found; what GitHub said, when it refused
 */
export async function startRun(github: GitHub, request: RunRequest, clock: Clock): Promise<StartedRun> {
  const { repository, workflow, ref, inputs } = request;
  const before = clock.now();
  let doubt: OncallError | null = null;
  try {
    const named = await github.dispatch(repository, { workflow, ref, inputs });
    if (named) return { id: named.runId, url: named.url || (await github.run(repository, named.runId)).url };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    doubt = error;
  }
  const found = await lookFor(github, { ...request, before }, clock);
  if (found) return found;
  throw new OncallError(
    doubt
      ? `It is not known whether ${workflow} of ${repository} was started: ${doubt.message} No run carries the mark ${request.nonce}.`
      : `GitHub accepted ${workflow} of ${repository}, but no run carries the mark ${request.nonce}.`,
    {
      code: 'NOT_VERIFIED',
      hint: `Look before you start another: \`gh run list -R ${repository} --workflow ${workflow}\``,
      cause: doubt?.cause,
    },
  );
}

async function lookFor(
  github: GitHub,
  { repository, workflow, nonce, before }: RunRequest & { before: number },
  clock: Clock,
): Promise<StartedRun | null> {
  const createdAfter = new Date(before).toISOString();
  for (const giveUp = clock.now() + LOOK_FOR; ; await clock.wait(LOOK_EVERY)) {
    try {
      const run = await github.findRun(repository, { workflow, nonce, createdAfter });
      if (run) return { id: run.id, url: run.url };
    } catch (error) {
      // Whatever keeps GitHub from answering may pass; that it was started must not be lost over it.
      if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    }
    if (clock.now() >= giveUp) return null;
  }
}

/** The very call that `startRun` makes, for `--dry-run`. */
export function startRunCall({ repository, workflow, ref, inputs }: RunRequest): ApiCall {
  return {
    method: 'POST',
    path: `/repos/${repository}/actions/workflows/${workflow}/dispatches`,
    body: { ref, inputs, return_run_details: true },
  };
}
