import { join } from 'node:path';

/** Where `oncall` keeps what must outlive one run. */
export interface Places {
  /** The team's fallback configuration and the user's own `me.yaml`. */
  config: string;
  /** Journal and runbook progress: must not be lost. */
  state: string;
  /** Answers kept for when a source is down: may be lost. */
  cache: string;
}

/**
 * The XDG directories, or the one that `ONCALL_STATE_DIR` names (a sandbox keeps its own journal and caches, so that
 * practice never mixes with the real record).
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function placesFrom(env: Readonly<Record<string, string | undefined>>, home: string): Places {
  const own = env.ONCALL_STATE_DIR;
  return {
    config: join(absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'oncall'),
    state: own ?? join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'), 'oncall'),
    cache: own ? join(own, 'cache') : join(absolute(env.XDG_CACHE_HOME) ?? join(home, '.cache'), 'oncall'),
  };
}

/** The specification says that a relative path there is invalid and is to be ignored. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}
