import type { Account } from './accounts.ts';
import { type GitObjects, gitHash } from './git-objects.ts';
import { type Commit, DEFAULT_BRANCH, type FileChange, type History } from './history.ts';
import { Refusal } from './refusal.ts';

const BAD_NAME = /[\s~^:?*[\\]|\.\.|^\/|\/$|\/\/|@\{|\.lock$|^-|\.$/;

/** The branches beside the default one, and the commits that are written through the API. */
export class Branches {
  readonly #history: History;
  readonly #objects: GitObjects;
  readonly #now: () => number;
  readonly #moved: (branch: string) => void;

  constructor(options: { history: History; objects: GitObjects; now: () => number; moved: (branch: string) => void }) {
    this.#history = options.history;
    this.#objects = options.objects;
    this.#now = options.now;
    this.#moved = options.moved;
  }

  /** The commit at a branch's tip; undefined when there is no such branch. */
  tip(name: string): Commit | undefined {
    if (name === DEFAULT_BRANCH) return this.#history.head;
    const sha = this.#history.branches.get(name);
    return sha ? this.#history.resolve(sha) : undefined;
  }

  get names(): string[] {
    return [DEFAULT_BRANCH, ...[...this.#history.branches.keys()].sort()];
  }

  /** @throws Refusal in GitHub's words for a name that exists or will not do, or an unknown commit */
  create(name: string, sha: string): Commit {
    if (this.tip(name)) throw new Refusal('invalid', 'Reference already exists');
    if (name === '' || BAD_NAME.test(name)) throw new Refusal('invalid', `refs/heads/${name} is not a valid ref name.`);
    const commit = this.#commit(sha);
    this.#history.branches.set(name, commit.sha);
    return commit;
  }

  /** Moves a branch on. @throws Refusal when it does not exist, or would lose commits without `force` */
  move(name: string, to: { sha: string; force: boolean }): Commit {
    const tip = this.tip(name);
    if (!tip) throw new Refusal('invalid', 'Reference does not exist');
    const commit = this.#commit(to.sha);
    const isForward = this.#history.ancestry(commit).includes(tip);
    if (!isForward && !to.force) throw new Refusal('invalid', 'Update is not a fast forward');
    if (name === DEFAULT_BRANCH) {
      if (!isForward) throw new Refusal('invalid', 'Cannot force-push to this branch');
      const line = this.#history.ancestry(commit);
      for (const one of line.slice(0, line.indexOf(tip)).reverse()) this.#history.append({ ...one, spec: tip.spec });
    } else this.#history.branches.set(name, commit.sha);
    this.#moved(name);
    return commit;
  }

  /** @throws Refusal when it does not exist */
  remove(name: string): void {
    if (name === DEFAULT_BRANCH) throw new Refusal('invalid', 'Cannot delete this branch');
    if (!this.#history.branches.delete(name)) throw new Refusal('invalid', 'Reference does not exist');
  }

  /** Keeps a commit; no branch has it yet. @throws Refusal for an unknown tree or parent */
  commit(request: { message: string; tree: string; parents: readonly string[]; author: Account }): Commit {
    const { message, tree, author } = request;
    const parents = request.parents.map((sha) => this.#commit(sha));
    if (!this.#objects.has(tree) && !parents.some((one) => one.tree === tree))
      throw new Refusal('invalid', 'Tree SHA does not exist');
    const at = this.#now();
    const commit: Commit = {
      sha: gitHash('commit', [tree, ...request.parents, author.login, String(at), message].join('\n')),
      tree,
      parents: request.parents,
      message,
      author,
      at,
      squashed: false,
      files: this.changes(parents[0] ?? null, tree),
      spec: null,
    };
    this.#history.keep(commit);
    return commit;
  }

  /** What a tree changes against a commit's, of the files that exist in full. */
  changes(from: Commit | null, tree: string): FileChange[] {
    const before = from ? this.#objects.filesOf(from.tree) : new Map<string, string>();
    const after = this.#objects.filesOf(tree);
    const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
    return paths.flatMap((path): FileChange[] => {
      const [was, is] = [before.get(path), after.get(path)];
      if (was === is) return [];
      const status = was === undefined ? 'added' : is === undefined ? 'removed' : 'modified';
      return [{ path, blob: gitHash('blob', is ?? was ?? ''), status, ...lineCounts(was ?? '', is ?? '') }];
    });
  }

  #commit(sha: string): Commit {
    const commit = /^[0-9a-f]{40}$/.test(sha) ? this.#history.resolve(sha) : undefined;
    if (!commit) throw new Refusal('invalid', 'Object does not exist');
    return commit;
  }
}

/** Lines that came and went, counted without regard to their order: close to what a diff says. */
function lineCounts(before: string, after: string): { additions: number; deletions: number } {
  const left = new Map<string, number>();
  for (const line of before.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  let additions = 0;
  for (const line of after.split('\n')) {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    else additions++;
  }
  return { additions, deletions: [...left.values()].reduce((sum, count) => sum + count, 0) };
}
