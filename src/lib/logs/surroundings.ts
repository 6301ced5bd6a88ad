import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Notice } from './notice.ts';
import type { PodBook } from './pod-book.ts';
import type { LineSink } from './source.ts';
import type { Turns } from './turns.ts';
import type { Valve } from './valve.ts';

/** Everything that the tails of one target share. */
export interface TailSurroundings {
  kubernetes: Kubernetes;
  context: string | null;
  book: PodBook;
  sink: LineSink;
  valve: Valve;
  turns: Turns;
  tell(notice: Notice): void;
  /** Milliseconds since 1970. */
  now(): number;
  random(): number;
}

/** How far back a first request goes. Null does not limit. */
export interface Bounds {
  tailLines: number | null;
  sinceSeconds: number | null;
  sinceTime: string | null;
}

export const UNBOUNDED: Bounds = { tailLines: null, sinceSeconds: null, sinceTime: null };
