import type { Labels } from '../../promql/labels.ts';

/** What one scrape of a target finds. The load figures are counted since the target's process started. */
export interface Reading {
  /** Milliseconds since 1970. */
  at: number;
  /** Whether the target answered. */
  up: boolean;
  /** Milliseconds since 1970 at which the process started. */
  startedAt: number;
  /** Requests received by then, and how many of them failed because of a dependency. Not rounded. */
  requests: number;
  failed: number;
  /** Requests per second just then. */
  rate(): number;
}

/** One series of a target. `value` gives null as long as the target does not expose it. */
export interface Exposed {
  labels: Labels;
  value(reading: Reading): number | null;
  /** Written by Prometheus itself, so it is there also when the target does not answer. */
  synthetic?: boolean;
}

/** Something that is scraped. */
export interface Target {
  /** The labels that every series of the target carries. */
  labels: Labels;
  /** Its own place in the scrape interval, from 0 to 1. */
  offset: number;
  /** It exists from here to there, in milliseconds since 1970; `until` is null while it does. */
  from: number;
  until: number | null;
  series: readonly Exposed[];
  /** Reads it at moments in rising order. */
  read(times: readonly number[]): Reading[];
  /** The last moment up to `at` at which it answered, in milliseconds since 1970; null if it never did. */
  lastUp(at: number): number | null;
}

/** A stable number from 0 to 1 for a name, so that a target or a series always has the same one. */
export function placeOf(name: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 2_246_822_519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
}
