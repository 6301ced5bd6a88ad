import { join } from 'node:path';
import { OncallError } from '../errors.ts';
import { readText, writeText } from '../store/files.ts';
import { compareFiles, type PlannedFile } from './init-plan.ts';

/** Files are for a repository, and so for everybody who can read that. */
const READABLE = 0o644;

/** The files against those that stand below a directory. */
export async function planFilesIn(
  directory: string,
  files: readonly { path: string; text: string }[],
): Promise<PlannedFile[]> {
  return compareFiles(files, await Promise.all(files.map(({ path }) => readText(join(directory, path)))));
}

/** Writes those that are not there as they should be, and reads them back. @throws NOT_VERIFIED */
export async function writeFilesIn(directory: string, files: readonly PlannedFile[]): Promise<void> {
  for (const { path, text, change } of files) {
    const place = join(directory, path);
    if (change === 'same') continue;
    await writeText(place, text, { mode: READABLE });
    if ((await readText(place)) !== text)
      throw new OncallError(`${place} was written, and reads differently.`, { code: 'NOT_VERIFIED' });
  }
}

/**
 * Files that are there and differ are not replaced by `--yes` alone: it takes `--replace`, or a person who has seen the
 * difference and is asked.
 * @throws REFUSED naming the files
 */
export function replaceConsent(files: readonly PlannedFile[], given: { replace: boolean; asked: boolean }): void {
  const different = files.filter(({ change }) => change === 'different').map(({ path }) => path);
  if (different.length === 0 || given.replace || given.asked) return;
  throw new OncallError(
    `${different.join(' and ')} ${different.length === 1 ? 'exists and differs' : 'exist and differ'}, so nothing was written.`,
    {
      code: 'REFUSED',
      hint: 'Look at the difference above, then repeat with --replace, or write them elsewhere with --out.',
    },
  );
}
