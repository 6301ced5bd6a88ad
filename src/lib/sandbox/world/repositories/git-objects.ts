import { createHash } from 'node:crypto';

/** What a tree has otherwise than the repository's first files: text, or null for a file that is gone. */
type Overlay = ReadonlyMap<string, string | null>;

/** One entry of a tree that a caller makes: the text, the sha of a blob, or null to take the file out. */
export interface TreeEntry {
  path: string;
  content: string | null;
}

/** The id that git gives a file or a tree of this content. */
export function gitHash(kind: 'blob' | 'tree' | 'commit', content: string | Buffer): string {
  const bytes = Buffer.from(content as string);
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
}

/**
 * Blobs and trees of one repository. Commits of the past have trees of which only the files that exist in full are known;
 * what is written through the API is kept as it came.
 */
export class GitObjects {
  readonly #base: ReadonlyMap<string, string>;
  readonly #blobs = new Map<string, string>();
  readonly #trees = new Map<string, Overlay>();

  /** @param base the files that every commit has until one changes them */
  constructor(base: ReadonlyMap<string, string>) {
    this.#base = base;
  }

  addBlob(text: string): string {
    const sha = gitHash('blob', text);
    this.#blobs.set(sha, text);
    return sha;
  }

  /** The text of a blob; undefined when there is none. */
  blob(sha: string): string | undefined {
    return this.#blobs.get(sha) ?? [...this.#base.values()].find((text) => gitHash('blob', text) === sha);
  }

  /** The files of a tree, by path. */
  filesOf(tree: string): Map<string, string> {
    const files = new Map(this.#base);
    for (const [path, text] of this.#trees.get(tree) ?? []) {
      if (text === null) files.delete(path);
      else files.set(path, text);
    }
    return files;
  }

  /** Lets a new tree have the files of another one. */
  inherit(tree: string, from: string): void {
    const overlay = this.#trees.get(from);
    if (overlay) this.#trees.set(tree, overlay);
  }

  /** Whether a tree was made here; those of the past are known by their commits. */
  has(tree: string): boolean {
    return this.#trees.has(tree);
  }

  /**
   * A tree of the entries on top of another tree.
   * @param base null makes a tree of the entries alone
   */
  addTree(base: string | null, entries: readonly TreeEntry[]): string {
    const overlay = new Map<string, string | null>(
      base === null ? [...this.#base.keys()].map((path) => [path, null]) : this.#trees.get(base),
    );
    for (const { path, content } of entries) {
      overlay.set(path, content);
      if (content !== null) this.addBlob(content);
    }
    const listing = [...overlay]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => `${path} ${text === null ? '-' : gitHash('blob', text)}`);
    const sha = gitHash('tree', [base ?? '', ...listing].join('\n'));
    this.#trees.set(sha, overlay);
    return sha;
  }
}
