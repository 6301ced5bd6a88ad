import { OncallError } from '../errors.ts';
import { type Known, lastKnown, type Memory } from '../store/fallback.ts';

/** What is kept of a service, and who tells it. */
type Kept = keyof typeof TELLERS;
const TELLERS = { history: 'GitHub', workload: 'The cluster' } as const;

/** How a history asks its sources: with patience, falling back on what is known, and remembering what to say of it. */
export interface Asking {
  /** Goes on without what cannot be had, and remembers to say so. */
  pass<T>(missing: string, asked: Promise<T>): Promise<T | null>;
  /** What a source says, or said the last time. An answer of nothing is given as it is. */
  recall<T>(what: Kept, asked: Promise<T>): Promise<Known<T>>;
  /** Remembers something to say. */
  note(caution: string): void;
  /** Under what an answer of this service is kept. */
  key(what: Kept): string;
}

/** Cautions are collected, each once, in the list that is given. */
export function askingFor(
  { service, memory, patience }: { service: { name: string }; memory?: Memory; patience: number | null },
  cautions: string[],
): Asking {
  const note = (caution: string) => {
    if (!cautions.includes(caution)) cautions.push(caution);
  };
  const key = (what: Kept) => `${what} of ${service.name}`;
  return {
    note,
    key,
    recall: (what, asked) =>
      lastKnown({ memory: memory ?? null, key: key(what), who: TELLERS[what], ask: () => asked, patience }),
    async pass(missing, asked) {
      try {
        return await asked;
      } catch (error) {
        if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
        note(`${missing}: ${error.message}`);
        return null;
      }
    },
  };
}
