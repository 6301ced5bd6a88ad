import type { Commit, GitHub } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';
import { type DeployRecord, isCommit, type NamedDeploy, sameCommit } from './deploy.ts';

/** One page of the default branch names most commits that were ever deployed lately. */
const RECENT = 100;
/** Commits that are asked for one by one. */
const MOST_QUESTIONS = 20;

/**
 * Gives short commits their full name, and each its title, pull request and author. What GitHub does not tell stays as it
 * was: a title is no reason to fail.
 * @returns what could not be found out is told by `complete`
 */
export async function nameCommits(
  records: readonly DeployRecord[],
  where: { service: string; repository: string | null; github: GitHub | null },
): Promise<{ deploys: NamedDeploy[]; complete: boolean }> {
  const wanted = [...new Set(records.map(({ sha }) => sha))].filter(isCommit);
  const known = await findCommits(wanted, where);
  return {
    deploys: records.map((record) => named(record, where.service, known.get(record.sha) ?? null)),
    complete: wanted.every((sha) => known.has(sha)),
  };
}

/** The commits by the name that was asked for. */
export async function findCommits(
  wanted: readonly string[],
  { repository, github }: { repository: string | null; github: GitHub | null },
): Promise<Map<string, Commit>> {
  const found = new Map<string, Commit>();
  if (!github || !repository || wanted.length === 0) return found;
  const recent = (await passOver(github.commits(repository, { limit: RECENT }))) ?? [];
  for (const sha of wanted) {
    const commit = recent.find((one) => sameCommit(one.sha, sha));
    if (commit) found.set(sha, commit);
  }
  // A branch that cannot be read at all is not asked about twenty times more.
  if (recent.length === 0) return found;
  const rest = wanted.filter((sha) => !found.has(sha)).slice(0, MOST_QUESTIONS);
  const answers = await Promise.all(rest.map((sha) => passOver(github.commit(repository, sha))));
  for (const [i, commit] of answers.entries()) if (commit) found.set(rest[i] as string, commit);
  return found;
}

function named({ by, ...record }: DeployRecord, service: string, commit: Commit | null): NamedDeploy {
  const [, title, pull] = /^(.*) \(#(\d+)\)$/.exec(commit?.title ?? '') ?? [];
  return {
    service,
    ...record,
    sha: commit?.sha ?? record.sha,
    title: title ?? commit?.title ?? null,
    pull: pull ? Number(pull) : null,
    author: commit?.author ?? by,
  };
}

async function passOver<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  }
}
