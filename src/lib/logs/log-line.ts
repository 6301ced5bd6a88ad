/** One line of a container's log. */
export interface LogLine {
  /** When the container wrote it: ISO 8601 UTC with nine digits, so that text order is time order. */
  at: string;
  text: string;
}

/** A line and where it comes from. */
export interface Entry extends LogLine {
  pod: string;
  container: string;
}

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)(?: |$)/;

/**
 * Takes the kubelet's timestamp off a line. A node may write its own zone, and old kubelets drop trailing zeros.
 * @returns null for a line without one: that is not the container speaking but the kubelet, about a failure of its own
 *   (https://github.com/kubernetes/kubernetes/issues/98236)
 */
export function parseLine(raw: string): LogLine | null {
  const match = STAMP.exec(raw);
  if (!match) return null;
  const [head, seconds = '', fraction = '', zone = 'Z'] = match;
  const utc = zone === 'Z' ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, 19);
  const text = raw.slice(head.length);
  return { at: `${utc}.${fraction.padEnd(9, '0')}Z`, text: text.endsWith('\r') ? text.slice(0, -1) : text };
}

/** Milliseconds since 1970 of such a stamp. */
export function millisecondsOf(at: string): number {
  return Date.parse(`${at.slice(0, 23)}Z`);
}

/** Cuts text that comes in pieces into lines. Memory stays bounded: a line that never ends is cut. */
export class LineCutter {
  #rest = '';

  /** The lines that this piece completes, without their ends. */
  push(piece: string): string[] {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST) lines.push(this.end() ?? '');
    return lines;
  }

  /** What was left without a line end, if anything. */
  end(): string | null {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? null : rest;
  }
}

const LONGEST = 1024 * 1024;
