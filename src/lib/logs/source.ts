/** Where a line comes from: one container of one pod of one cluster. */
export interface Source {
  /** Name of the context, where several are watched at once; null where there is only one. */
  context: string | null;
  namespace: string;
  pod: string;
  container: string;
  kind: 'init' | 'regular' | 'ephemeral';
  /** Room for whoever shows its lines: a prepared prefix, a colour. */
  prefix: Buffer | null;
  /** Room for whoever counts them, so that this need not be looked up for every line. */
  counts?: { lines: number };
}

/**
 * Takes log lines. A line's bytes are valid only until the call returns, unless they are copied.
 * `start` is where its stamp begins, `text` where its text does, `end` the byte after its last.
 */
export interface LineSink {
  // Five numbers and not an object, since this is called some million times a second.
  line(source: Source, bytes: Buffer, start: number, text: number, end: number): void;
  /** What was gathered may go out: nothing more comes for now. */
  flush(): void;
  /** Whether the reader of our output is behind: then sources are to be paused until `drained`. */
  readonly full: boolean;
  drained(): Promise<void>;
}
