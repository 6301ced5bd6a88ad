import { readFileSync } from 'node:fs';

/** One behaviour of the practice world, as `docs/sandbox-fidelity.md` lists it. */
export interface Behaviour {
  id: string;
  what: string;
  /** M, D, O, T, I or a word of explanation. */
  evidence: string;
}

const PAGE = new URL('../../docs/sandbox-fidelity.md', import.meta.url);
const ROW = /^\| `([a-z0-9-]+)` \| (.+) \| ([^|]+) \|$/;

/** The behaviours that have an id, in the order of the page: it is the one place where they and their evidence stand. */
export function documentedBehaviours(): Map<string, Behaviour> {
  const rows = readFileSync(PAGE, 'utf8')
    .split('\n')
    .map((line) => ROW.exec(line))
    .filter((match) => match !== null);
  return new Map(rows.map(([, id = '', what = '', evidence = '']) => [id, { id, what, evidence: evidence.trim() }]));
}
