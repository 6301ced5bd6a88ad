import type { Exchange } from './exchange.ts';
import type { Random } from './world/random.ts';

/** Ways in which an outside service misbehaves. */
export const FAULT_KINDS = ['401', '403', '429', '500', '503', 'slow', 'cut', 'malformed', 'refused'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRequest {
  face: string;
  kind: FaultKind;
  /** Share of requests that it hits, 0 to 1; default all. */
  rate?: number;
  /** How many requests it hits before it is spent; default without end. */
  count?: number;
  /** How many requests pass before it begins. */
  after?: number;
  /** Only requests whose operation, method or path contains this. */
  match?: string;
}

export interface Fault extends Required<Omit<FaultRequest, 'count' | 'match'>> {
  id: number;
  count: number | null;
  match: string | null;
  hits: number;
}

/** How long a slow service keeps one waiting, in milliseconds of wall-clock time: longer than any sensible deadline. */
export const SLOW_MS = 30_000;

/** The faults that are in force, and which of them hits the next request. */
export class Faults {
  readonly #random: Random;
  #next = 1;
  #list: Fault[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  add(request: FaultRequest): Fault {
    const fault: Fault = {
      id: this.#next++,
      face: request.face,
      kind: request.kind,
      rate: request.rate ?? 1,
      count: request.count ?? null,
      after: request.after ?? 0,
      match: request.match ?? null,
      hits: 0,
    };
    this.#list.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#list;
  }

  clear(): void {
    this.#list = [];
  }

  /** The fault that this request meets; null for most. */
  strike(face: string, exchange: Exchange): Fault | null {
    for (const fault of this.#list) {
      if (fault.face !== face || (fault.count !== null && fault.hits >= fault.count)) continue;
      const about = `${exchange.method} ${exchange.path} ${exchange.header('x-amz-target') ?? ''}`;
      if (fault.match && !about.includes(fault.match)) continue;
      if (fault.after > 0) {
        fault.after--;
        continue;
      }
      if (fault.rate < 1 && this.#random.next() >= fault.rate) continue;
      fault.hits++;
      return fault;
    }
    return null;
  }
}
