import type { Exchange } from './exchange.ts';
import type { Random } from './world/random.ts';

/**
 * Ways in which an outside service misbehaves. With `slow`, `cut` and `lost` it does what it was asked for; with the
 * others it does nothing.
 */
export const FAULT_KINDS = ['401', '403', '429', '500', '503', 'slow', 'cut', 'malformed', 'refused', 'lost'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What can be made to misbehave: every service of the world, by the name that its face has. */
export const FACES = [
  'ssm-incidents',
  'ssm-contacts',
  'sts',
  'kubernetes',
  'github',
  'prometheus',
  'alertmanager',
] as const;

export interface FaultRequest {
  face: string;
  kind: FaultKind;
  /** Share of requests that it hits, 0 to 1; default all. */
  rate?: number;
  /** How many requests it hits before it is spent; default without end. */
  count?: number;
  /** How many requests pass before it begins. */
  after?: number;
  /** Only requests whose operation, method or path contains this, in capitals or not. */
  match?: string;
  /** The answer repeats the request's headers, credentials included, as the error pages of some proxies do. */
  echo?: boolean;
}

export interface Fault extends Required<Omit<FaultRequest, 'count' | 'match'>> {
  id: number;
  count: number | null;
  match: string | null;
  /** Requests that it has let pass before it begins. */
  passed: number;
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
      echo: request.echo ?? false,
      passed: 0,
      hits: 0,
    };
    this.#list.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#list;
  }

  /** Takes back one, or all. @returns those that were in force until now */
  clear(id: number | null = null): Fault[] {
    const gone = this.#list.filter((fault) => id === null || fault.id === id);
    this.#list = this.#list.filter((fault) => !gone.includes(fault));
    return gone;
  }

  /** The fault that this request meets; null for most. */
  strike(face: string, exchange: Exchange): Fault | null {
    const about = `${exchange.method} ${exchange.path} ${exchange.header('x-amz-target') ?? ''}`.toLowerCase();
    for (const fault of this.#list) {
      if (fault.face !== face || (fault.count !== null && fault.hits >= fault.count)) continue;
      if (fault.match && !about.includes(fault.match.toLowerCase())) continue;
      if (fault.passed < fault.after) {
        fault.passed++;
        continue;
      }
      if (fault.rate < 1 && this.#random.next() >= fault.rate) continue;
      fault.hits++;
      return fault;
    }
    return null;
  }
}
