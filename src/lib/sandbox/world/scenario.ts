import type { RevisionSpec } from './catalog.ts';
import type { World } from './world.ts';

/** Something that happens to the practice world. */
export interface Scenario {
  name: string;
  /** One line for `oncall drill list`. */
  title: string;
  /**
   * How long before now it begins, in milliseconds: the world lives through that time before it opens, so that the story
   * is already under way.
   */
  begunAgo: number;
  begin(world: World): void;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const BAD_REVISION: RevisionSpec = {
  service: 'dolthubapi',
  author: 'ben',
  title: 'Warm the statistics cache at start-up',
  pull: 447,
  files: ['stats/cache.go', 'stats/warm.go', 'cmd/dolthubapi/main.go'],
  committedAgo: 2 * MINUTE,
  deployedAgo: null,
  behaviour: 'crash-when-warm',
};

/**
 * A deploy of dolthubapi goes out through the ordinary workflow, and its run succeeds. Half a minute later a background
 * task panics in every pod, and in every restart of it. Putting any good revision back heals it, by whatever means.
 */
const badDeploy: Scenario = {
  name: 'bad-deploy',
  title: 'A deploy of dolthubapi crash-loops, and every instance goes down',
  begunAgo: 134 * SECOND,
  begin(world) {
    const { sha } = world.repositories.push({ ...BAD_REVISION, committedAgo: MINUTE });
    world.repositories.dispatch('dolthubapi', {
      workflow: 'deploy.yml',
      inputs: { sha, reason: `Merge of #${BAD_REVISION.pull}`, nonce: world.random.hex(8) },
      actor: BAD_REVISION.author,
    });
  },
};

const quiet: Scenario = {
  name: 'quiet',
  title: 'Nothing is wrong: look around',
  begunAgo: 0,
  begin() {},
};

export const SCENARIOS: readonly Scenario[] = [badDeploy, quiet];
