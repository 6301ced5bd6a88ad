import type { Entry } from './log-line.ts';

interface Head {
  entries: readonly Entry[];
  next: number;
  from: AsyncIterator<readonly Entry[]>;
}

/**
 * Merges logs by time. Each is taken in its own order, and only as fast as the merged lines are taken, so that long
 * logs are never held as a whole.
 * @param each one container's log in pieces
 */
export async function* mergeByTime(each: readonly AsyncIterable<readonly Entry[]>[]): AsyncGenerator<Entry[], void> {
  const heads = (await Promise.all(each.map((log) => filled(log[Symbol.asyncIterator]())))).filter(
    (head) => head !== null,
  );
  let merged: Entry[] = [];
  while (heads.length > 0) {
    const [earliest, index] = earliestOf(heads);
    merged.push(earliest.entries[earliest.next] as Entry);
    earliest.next += 1;
    if (earliest.next < earliest.entries.length) continue;
    // Before anything is waited for, what is merged goes out.
    yield merged;
    merged = [];
    const more = await filled(earliest.from);
    if (more) heads[index] = more;
    else heads.splice(index, 1);
  }
}

async function filled(from: AsyncIterator<readonly Entry[]>): Promise<Head | null> {
  for (;;) {
    const { done, value } = await from.next();
    if (done) return null;
    if (value.length > 0) return { entries: value, next: 0, from };
  }
}

function earliestOf(heads: readonly Head[]): [Head, number] {
  let best = 0;
  const stamp = (head: Head | undefined) => head?.entries[head.next]?.at ?? '';
  for (let i = 1; i < heads.length; i++) if (stamp(heads[i]) < stamp(heads[best])) best = i;
  return [heads[best] as Head, best];
}
