import type { Account } from './accounts.ts';
import type { Branches } from './branches.ts';
import type { GitObjects } from './git-objects.ts';
import { type Commit, DEFAULT_BRANCH, type History, type Pull } from './history.ts';
import type { Ids } from './ids.ts';
import { Refusal } from './refusal.ts';

export interface NewPull {
  title: string;
  body: string | null;
  head: string;
  base: string;
  draft: boolean;
  author: Account;
}

const invalid = (message: string) =>
  new Refusal('invalid', 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);

/** Opening and merging pull requests of one repository. Merging squashes, the only way that its settings allow. */
export class Pulls {
  readonly #history: History;
  readonly #branches: Branches;
  readonly #objects: GitObjects;
  readonly #ids: Ids;
  readonly #now: () => number;

  constructor(options: { history: History; branches: Branches; objects: GitObjects; ids: Ids; now: () => number }) {
    this.#history = options.history;
    this.#branches = options.branches;
    this.#objects = options.objects;
    this.#ids = options.ids;
    this.#now = options.now;
  }

  find(number: number): Pull | undefined {
    return this.#history.pulls.find((pull) => pull.number === number);
  }

  /** The open pull request of a branch. */
  openFrom(branch: string): Pull | undefined {
    return this.#history.pulls.find((pull) => pull.branch === branch && pull.closedAt === null);
  }

  /** @throws Refusal in GitHub's words for unknown branches, a second request, or nothing to merge */
  open(request: NewPull, owner: string): Pull {
    const branch = request.head.replace(new RegExp(`^${owner}:`), '');
    const tip = this.#branches.tip(branch);
    if (!tip)
      throw new Refusal('invalid', 'Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
    if (request.base !== DEFAULT_BRANCH)
      throw new Refusal('invalid', 'Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
    if (this.openFrom(branch)) throw invalid(`A pull request already exists for ${owner}:${branch}.`);
    const { head } = this.#history;
    if (this.#history.compare(head, tip).aheadBy === 0)
      throw invalid(`No commits between ${request.base} and ${branch}`);
    const now = this.#now();
    const pull: Pull = {
      id: this.#ids.next('pull'),
      number: Math.max(0, ...this.#history.pulls.map(({ number }) => number)) + 1,
      title: request.title,
      body: request.body,
      draft: request.draft,
      author: request.author,
      branch,
      createdAt: now,
      updatedAt: now,
      mergedAt: null,
      closedAt: null,
      headSha: tip.sha,
      baseSha: head.sha,
      mergeSha: null,
      mergedBy: null,
      files: this.#history.compare(head, tip).files,
    };
    this.#history.pulls.push(pull);
    return pull;
  }

  /** Follows a branch that has moved. */
  follow(branch: string): Pull | undefined {
    const pull = this.openFrom(branch);
    const tip = this.#branches.tip(branch);
    if (!pull || !tip) return undefined;
    Object.assign(pull, {
      headSha: tip.sha,
      updatedAt: this.#now(),
      files: this.#history.compare(this.#history.head, tip).files,
    });
    return pull;
  }

  /** Closes a request, or opens one again. */
  setState(pull: Pull, state: 'open' | 'closed'): void {
    if (pull.mergedAt !== null && state === 'open') throw invalid('Cannot change state. The pull request is merged.');
    pull.updatedAt = this.#now();
    pull.closedAt = state === 'closed' ? (pull.closedAt ?? pull.updatedAt) : null;
  }

  /**
   * Whether its changes fit on the default branch. Files that both sides changed since they parted do not.
   */
  isMergeable(pull: Pull): boolean {
    const tip = this.#history.resolve(pull.headSha);
    if (!tip) return false;
    const { mergeBase, files } = this.#history.compare(this.#history.head, tip);
    const theirs = this.#history.compare(mergeBase, this.#history.head).files.map(({ path }) => path);
    return !files.some(({ path }) => theirs.includes(path));
  }

  /** Puts a request's changes onto the default branch as one commit. @throws Refusal when it cannot be merged */
  merge(pull: Pull, by: { merger: Account; title: string | null; message: string | null }): Commit {
    const tip = this.#history.resolve(pull.headSha) as Commit;
    const { head } = this.#history;
    const { mergeBase } = this.#history.compare(head, tip);
    const before = this.#objects.filesOf(mergeBase.tree);
    const after = this.#objects.filesOf(tip.tree);
    const entries = this.#branches
      .changes(mergeBase, tip.tree)
      .map(({ path }) => ({ path, content: after.get(path) ?? (before.has(path) ? null : '') }));
    const title = by.title ?? `${pull.title} (#${pull.number})`;
    const kept = this.#branches.commit({
      message: by.message ? `${title}\n\n${by.message}` : title,
      tree: this.#objects.addTree(head.tree, entries),
      parents: [head.sha],
      author: pull.author,
    });
    // Its image behaves as the one before: what was merged here is no source of the service that the sandbox knows.
    const spec = head.spec && {
      ...head.spec,
      title: pull.title,
      pull: pull.number,
      files: pull.files.map(({ path }) => path),
    };
    const commit = this.#history.append({ ...kept, squashed: true, files: pull.files, spec });
    const now = this.#now();
    Object.assign(pull, { mergedAt: now, closedAt: now, updatedAt: now, mergeSha: commit.sha, mergedBy: by.merger });
    return commit;
  }
}
