import type { RevisionSpec } from '../catalog.ts';
import type { Random } from '../random.ts';
import type { Account } from './accounts.ts';
import type { Ids } from './ids.ts';

export const DEFAULT_BRANCH = 'main';
const MINUTE = 60_000;

/** One file in a commit. The sandbox keeps no contents of source files, so there is never a patch. */
export interface FileChange {
  path: string;
  blob: string;
  status: 'added' | 'modified' | 'removed';
  additions: number;
  deletions: number;
}

/** Times are wall-clock milliseconds since 1970. */
export interface Commit {
  sha: string;
  tree: string;
  parents: readonly string[];
  message: string;
  author: Account;
  at: number;
  /** Merged with the button on the page, so committed and signed by GitHub itself. */
  squashed: boolean;
  files: readonly FileChange[];
  /** What this revision is to the rest of the world; null off the default branch. */
  spec: RevisionSpec | null;
}

export interface Pull {
  id: number;
  number: number;
  title: string;
  body: string | null;
  draft: boolean;
  author: Account;
  branch: string;
  createdAt: number;
  updatedAt: number;
  /** Null while it is open. */
  mergedAt: number | null;
  closedAt: number | null;
  mergedBy: Account | null;
  /** The branch's last commit, which a squash merge leaves behind outside of main. */
  headSha: string;
  baseSha: string;
  mergeSha: string | null;
  files: readonly FileChange[];
}

export interface Comparison {
  status: 'ahead' | 'behind' | 'diverged' | 'identical';
  base: Commit;
  head: Commit;
  mergeBase: Commit;
  aheadBy: number;
  behindBy: number;
  /** What head has and base has not, oldest first. */
  commits: readonly Commit[];
  files: readonly FileChange[];
}

/** The commits and pull requests of one repository: a default branch, and others beside it. */
export class History {
  readonly pulls: Pull[] = [];
  /** The branches beside the default one, each with the commit at its tip. */
  readonly branches = new Map<string, string>();
  readonly tags = new Map<string, string>();
  readonly #main: Commit[] = [];
  readonly #commits = new Map<string, Commit>();
  readonly #random: Random;
  readonly #ids: Ids;

  constructor(options: { random: Random; ids: Ids }) {
    this.#random = options.random;
    this.#ids = options.ids;
  }

  /** The default branch, oldest commit first. */
  get main(): readonly Commit[] {
    return this.#main;
  }

  get head(): Commit {
    return this.#main.at(-1) as Commit;
  }

  /**
   * Adds a commit on top of the default branch, and the pull request it came from; pull 0 stands for a direct push.
   * @param at when it was merged, in wall-clock milliseconds.
   */
  add(spec: RevisionSpec, at: number, author: Account): Commit {
    const draw = this.#random.fork(`${spec.service}#${spec.pull} ${spec.title}`);
    const files = spec.files.map((path): FileChange => this.#change(path, draw));
    const parent = this.#main.at(-1);
    const commit: Commit = {
      sha: draw.hex(40),
      tree: draw.hex(40),
      parents: parent ? [parent.sha] : [],
      message: spec.pull > 0 ? `${spec.title} (#${spec.pull})` : spec.title,
      author,
      at,
      squashed: spec.pull > 0,
      files,
      spec,
    };
    if (parent && spec.pull > 0) this.#merge(commit, { spec, parent, draw });
    return this.append(commit);
  }

  /** Puts a commit onto the default branch. */
  append(commit: Commit): Commit {
    this.#main.push(commit);
    return this.keep(commit);
  }

  /** Keeps a commit that no branch needs to have. */
  keep(commit: Commit): Commit {
    this.#commits.set(commit.sha, commit);
    return commit;
  }

  /** The commit that a branch, a tag, a full or a shortened sha names; undefined when none or several do. */
  resolve(ref: string): Commit | undefined {
    const name = ref.replace(/^refs\//, '').replace(/^(heads|tags)\//, '');
    if (name === DEFAULT_BRANCH || name === 'HEAD') return this.head;
    const pull = /^pull\/(\d+)\/head$/.exec(name);
    const sha = pull
      ? this.pulls.find((one) => one.number === Number(pull[1]))?.headSha
      : (this.branches.get(name) ?? this.tags.get(name));
    if (sha) return this.#commits.get(sha);
    if (!/^[0-9a-f]{4,40}$/i.test(name)) return undefined;
    const found = [...this.#commits.keys()].filter((one) => one.startsWith(name.toLowerCase()));
    return found.length === 1 ? this.#commits.get(found[0] as string) : undefined;
  }

  /** Whether a branch or a tag of that name exists; a sha is neither. */
  isBranchOrTag(ref: string): boolean {
    const name = ref.replace(/^refs\//, '').replace(/^(heads|tags)\//, '');
    return name === DEFAULT_BRANCH || this.branches.has(name) || this.tags.has(name);
  }

  /** A commit and everything before it, newest first. */
  ancestry(from: Commit): Commit[] {
    const line: Commit[] = [];
    for (let next: Commit | undefined = from; next; next = this.#commits.get(next.parents[0] ?? '')) line.push(next);
    return line;
  }

  /** What lies between two commits, seen from where their histories part (three dots, in git's words). */
  compare(base: Commit, head: Commit): Comparison {
    const theirs = new Set(this.ancestry(base));
    const line = this.ancestry(head);
    const mergeBase = line.find((commit) => theirs.has(commit)) ?? base;
    const shared = new Set(this.ancestry(mergeBase));
    const commits = line.filter((commit) => !shared.has(commit)).reverse();
    const behindBy = [...theirs].filter((commit) => !shared.has(commit)).length;
    const direction = commits.length > 0 ? 'ahead' : behindBy > 0 ? 'behind' : 'identical';
    return {
      status: commits.length > 0 && behindBy > 0 ? 'diverged' : direction,
      base,
      head,
      mergeBase,
      aheadBy: commits.length,
      behindBy,
      commits,
      files: combine(commits),
    };
  }

  #change(path: string, draw: Random): FileChange {
    const known = this.#main.some((commit) => commit.files.some((file) => file.path === path));
    const added = !known && /migrations|_test\.|cache|new/.test(path);
    return {
      path,
      blob: draw.hex(40),
      status: added ? 'added' : 'modified',
      additions: draw.between(4, 90),
      deletions: added ? 0 : draw.between(1, 40),
    };
  }

  #merge(commit: Commit, from: { spec: RevisionSpec; parent: Commit; draw: Random }): void {
    const { spec, parent, draw } = from;
    const opened = commit.at - draw.between(50, 2_000) * MINUTE;
    const head: Commit = {
      ...commit,
      sha: draw.hex(40),
      tree: commit.tree,
      message: spec.title,
      at: commit.at - draw.between(5, 45) * MINUTE,
      squashed: false,
      spec: null,
    };
    this.#commits.set(head.sha, head);
    this.pulls.push({
      id: this.#ids.next('pull'),
      number: spec.pull,
      title: spec.title,
      body: null,
      draft: false,
      author: commit.author,
      branch: `${commit.author.login}/${spec.title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .slice(0, 40)}`,
      createdAt: opened,
      updatedAt: commit.at,
      mergedAt: commit.at,
      closedAt: commit.at,
      mergedBy: commit.author,
      headSha: head.sha,
      baseSha: parent.sha,
      mergeSha: commit.sha,
      files: commit.files,
    });
  }
}

function combine(commits: readonly Commit[]): FileChange[] {
  const byPath = new Map<string, FileChange>();
  for (const file of commits.flatMap((commit) => commit.files)) {
    const before = byPath.get(file.path);
    byPath.set(file.path, {
      ...file,
      status: before?.status ?? file.status,
      additions: file.additions + (before?.additions ?? 0),
      deletions: file.deletions + (before?.deletions ?? 0),
    });
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
