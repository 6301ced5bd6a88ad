import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { OncallError } from '../errors.ts';

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** A readable sentence for the file-system errors that a user can do something about. */
function fileError(doing: string, path: string, error: unknown): OncallError {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EPERM'
        ? 'permission denied'
        : code === 'EROFS'
          ? 'the file system is read-only'
          : code === 'ELOCKED'
            ? 'another oncall holds its lock'
            : code === 'ENOTDIR' || code === 'EEXIST'
              ? 'a part of its path is a file'
              : (error as Error).message;
  return new OncallError(`Cannot ${doing} ${path}: ${why}.`, {
    code: 'FAILED',
    hint: code === 'ENOSPC' ? 'Free some disk space, then try again.' : `Check the file with \`ls -l ${path}\`.`,
    cause: error,
  });
}

/** Makes a directory that only its owner can enter. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  } catch (error) {
    throw fileError('make the directory', path, error);
  }
}

/** The file's text; null when there is none. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return null;
    throw fileError('read', path, error);
  }
}

/**
 * Replaces a file as a whole or not at all, readable by its owner only unless `mode` says otherwise, and flushed to disk
 * unless `flush` is false.
 */
export async function writeText(
  path: string,
  text: string,
  options: { mode?: number; flush?: boolean } = {},
): Promise<void> {
  await makePrivateDirectory(dirname(path));
  try {
    await writeFileAtomic(path, text, { mode: options.mode ?? PRIVATE_FILE, fsync: options.flush ?? true });
  } catch (error) {
    throw fileError('write', path, error);
  }
}

/** Makes a symbolic link to a program, in place of an earlier one. */
export async function replaceLink(target: string, path: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await symlink(target, path);
  } catch (error) {
    throw fileError('link', path, error);
  }
}

/** A new directory of its own, for its owner only, where temporary files go. */
export async function makeTemporaryDirectory(prefix: string): Promise<string> {
  return mkdtemp(join(tmpdir(), prefix));
}

/** Removes a directory and all in it. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Removes a file; a missing one is no error. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Appends lines to a file with one write, so that two processes cannot mix theirs, and flushes it. If an earlier write was
 * cut in the middle (a killed process, a full disk), the new lines still start on a line of their own.
 */
export async function appendLines(path: string, lines: readonly string[]): Promise<void> {
  await makePrivateDirectory(dirname(path));
  try {
    const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, PRIVATE_FILE);
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      const repair = size > 0 && last[0] !== 0x0a ? '\n' : '';
      await file.write(repair + lines.map((line) => `${line}\n`).join(''));
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError('append to', path, error);
  }
}

/**
 * Runs `act` while holding the lock of `path`, against other `oncall` processes as well. A lock whose holder died is
 * taken over after ten seconds.
 */
export async function withLock<T>(path: string, act: () => Promise<T>): Promise<T> {
  await makePrivateDirectory(dirname(path));
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(path, {
      realpath: false,
      stale: 10_000,
      // Longer than `stale`, so that the lock of a process that died a moment ago can be waited out.
      retries: { retries: 60, minTimeout: 25, maxTimeout: 250 },
      // Whoever slept with the lock in hand (a closed laptop) has lost it; the library would end the process for that.
      // Each write here is whole by itself, so the worst is two changes of which the later wins.
      onCompromised: () => {},
    });
  } catch (error) {
    throw fileError('lock', path, error);
  }
  try {
    return await act();
  } finally {
    await release().catch(() => {});
  }
}
