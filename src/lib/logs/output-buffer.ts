import type { Writable } from 'node:stream';

const SIZE = 256 * 1024;
/** So many bytes may wait for the reader before sources are held back; below the other number they go on. */
const FULL = 512 * 1024;
const LOW = SIZE;

const setBytes = Uint8Array.prototype.set;

/**
 * Bytes on their way out: gathered in a few buffers that are used again and again, and written as one piece each time. A
 * buffer is used again only after the stream has taken it.
 */
export class OutputBuffer {
  readonly #output: Writable;
  readonly #spare: Buffer[] = [];
  #waiting = 0;
  #drained: (() => void)[] = [];
  /** Where to write next; whoever writes moves `length` on. */
  bytes: Buffer = Buffer.allocUnsafeSlow(SIZE);
  length = 0;
  /** May change what is about to be written: the bytes from 0 to `length`. */
  inspect: (() => void) | null = null;

  constructor(output: Writable) {
    this.#output = output;
    // Nobody reads any more: whoever waits for the reader goes on, and finds out.
    output.once('close', () => this.#release());
    output.once('error', () => this.#release());
  }

  /** Makes sure that so many bytes fit. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    this.flush();
    if (count > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(count);
  }

  /** Adds bytes, for which there must be room. A view that is set costs half of what Node's `copy` does. */
  add(bytes: Buffer, start: number, end: number): void {
    setBytes.call(this.bytes, new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), this.length);
    this.length += end - start;
  }

  /** Writes out what has been gathered. */
  flush(): void {
    if (this.length === 0) return;
    this.inspect?.();
    const { bytes, length } = this;
    this.#waiting += length;
    this.#output.write(bytes.subarray(0, length), () => {
      this.#waiting -= length;
      if (bytes.length === SIZE) this.#spare.push(bytes);
      if (this.#waiting <= LOW) this.#release();
    });
    this.bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(SIZE);
    this.length = 0;
  }

  /** Whether the reader is behind. */
  get full(): boolean {
    return this.#waiting > FULL && !this.#output.destroyed && !this.#output.errored;
  }

  /** Resolves when the reader has caught up, or is gone. */
  drained(): Promise<void> {
    if (!this.full) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
    });
  }

  #release(): void {
    const waiting = this.#drained;
    this.#drained = [];
    for (const resolve of waiting) resolve();
  }
}
