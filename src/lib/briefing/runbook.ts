import { OncallError } from '../errors.ts';
import type { Subject } from '../incidents/subject.ts';
import { type FirstStep, firstStep } from '../runbooks/first-step.ts';
import { lastKnown } from '../store/fallback.ts';
import { type Part, part, type Sources } from './sources.ts';

/** Where to begin. */
export interface RunbookStart {
  /** Path or address, as it was configured. */
  path: string;
  /** Null when its text cannot be read from here. */
  firstStep: FirstStep | null;
}

/** A file of a GitHub repository on the branch that counts, as its web page or its raw text is addressed. */
const ON_GITHUB =
  /^https:\/\/(?:github\.com\/([\w.-]+\/[\w.-]+)\/(?:blob|raw)\/|raw\.githubusercontent\.com\/([\w.-]+\/[\w.-]+)\/(?:refs\/heads\/)?)(?:main|master|HEAD)\/([^?#]+)/;

/**
 * The first step of the runbook: of a file beside the configuration, of one in the service's repository, or of one that is
 * addressed on GitHub. The last text is kept, and taken with its age when it cannot be had. Of any other address only the
 * address itself is known.
 * @param patience milliseconds
 */
export async function readRunbook(
  sources: Sources,
  { service, alert }: Subject,
  patience: number,
): Promise<Part<RunbookStart>> {
  const { memory } = sources;
  const path = service?.runbook ?? alert?.annotations.runbook_url ?? null;
  if (!path) return { value: null, cachedAt: null, missing: null, trouble: null };
  const [, page, raw, file = ''] = ON_GITHUB.exec(path) ?? [];
  const named = page ?? raw;
  const nowhere = { value: { path, firstStep: null }, cachedAt: null, missing: null, trouble: null };
  if (URL.canParse(path) && !named) return nowhere;
  const repository = named ?? service?.repository ?? null;
  const ask = async () => {
    const text = named ? null : await sources.textBeside(path);
    const found = text ?? (await onGithub(sources, { repository, file: named ? decodeURIComponent(file) : path }));
    if (found !== null) return found;
    throw new OncallError(`${path} is not there.`, { code: 'UNAVAILABLE' });
  };
  const read = await part('Runbook', lastKnown({ memory, key: `runbook ${path}`, ask, patience }), memory.now);
  return { ...read, value: { path, firstStep: read.value === null ? null : firstStep(read.value) } };
}

async function onGithub(
  { github }: Sources,
  { repository, file }: { repository: string | null; file: string },
): Promise<string | null> {
  return github && repository ? github.file(repository, file) : null;
}
