import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import { type Memory, PATIENCE } from '../store/fallback.ts';
import { Recollection } from './recalling.ts';

/** The part of the desk through which a command finds its incident and its service. */
interface Desk {
  pager(): Promise<Pager>;
  prometheus(): Promise<Prometheus>;
}

/**
 * The desk of a command that only shows something: what leads to its incident and its service falls back on what was said
 * the last time.
 * @param desk a context; the other things that it offers are passed on by name, since a copy of it would not work
 */
export function recallingDesk<D extends Desk & Offers>(context: D, memory: Memory) {
  const recollection = new Recollection(memory, PATIENCE);
  const desk = {
    pager: async () => recollection.pager(await context.pager()),
    prometheus: async () => recollection.prometheus(await context.prometheus()) as Prometheus,
    config: () => context.config() as ReturnType<D['config']>,
    service: (name: string) => context.service(name) as ReturnType<D['service']>,
    github: () => context.github() as ReturnType<D['github']>,
    kubernetes: () => context.kubernetes() as ReturnType<D['kubernetes']>,
    ifConfigured: <T>(client: Promise<T>) => context.ifConfigured(client),
    currentIncident: () => context.currentIncident() as ReturnType<D['currentIncident']>,
    now: () => context.now(),
  };
  return { desk, recollection };
}

interface Offers {
  config(): Promise<unknown>;
  service(name: string): Promise<unknown>;
  github(): Promise<unknown>;
  kubernetes(): Promise<unknown>;
  ifConfigured<T>(client: Promise<T>): Promise<T | null>;
  currentIncident(): Promise<unknown>;
  now(): number;
}
