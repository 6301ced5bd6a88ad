import type { GitHub } from '../../../src/lib/clients/github/github.ts';
import type { Deploy, NamedDeploy } from '../../../src/lib/deploys/deploy.ts';
import type { Clock } from '../../../src/lib/deploys/start-run.ts';

export const MINUTE = 60_000;
/** The moment at which all of these tests take place. */
export const NOW = Date.parse('2026-03-02T03:20:00Z');

export const minutesAgo = (minutes: number): string => new Date(NOW - minutes * MINUTE).toISOString();

/** A commit whose name is its letter over and over: `c('a')`. */
export const c = (letter: string): string => letter.repeat(40);

/** A deploy that started so many minutes ago and took one to succeed. */
export function deploy(letter: string, startedAgo: number, facts: Partial<NamedDeploy> = {}): NamedDeploy {
  return {
    service: 'dolthubapi',
    sha: c(letter),
    title: `Change ${letter}`,
    pull: 1,
    author: 'ana',
    startedAt: minutesAgo(startedAgo),
    succeededAt: minutesAgo(startedAgo - 1),
    state: 'succeeded',
    runUrl: null,
    ...facts,
  };
}

export function marked(letter: string, startedAgo: number, facts: Partial<Deploy> = {}): Deploy {
  return {
    ...deploy(letter, startedAgo, facts),
    ranSeconds: 60,
    current: false,
    lastGood: false,
    suspect: null,
    ...facts,
  };
}

/** A clock on which waiting takes no time of ours. `waits` keeps what was waited for. */
export function stillClock(): Clock & { waits: number[] } {
  let at = NOW;
  const waits: number[] = [];
  return {
    waits,
    now: () => at,
    wait: async (ms) => {
      waits.push(ms);
      at += ms;
    },
  };
}

/** A GitHub of which only the given verbs exist. */
export function githubWith(verbs: Partial<GitHub>): GitHub {
  return verbs as GitHub;
}
