import type { RestEndpointMethodTypes } from '@octokit/rest';
import { utcStamp } from '../utc-stamp.ts';
import type { Commit } from './github.ts';

/** A commit as GitHub sends it; all of its commit calls send the same. */
export type WireCommit = RestEndpointMethodTypes['repos']['getCommit']['response']['data'];

/** Author: the GitHub login where there is one. Time: when it came into the branch, not when it was first written. */
export function readCommit(wire: WireCommit): Commit {
  return {
    sha: wire.sha,
    title: wire.commit.message.split('\n', 1)[0] ?? '',
    author: wire.author?.login ?? wire.commit.author?.name ?? 'unknown',
    at: utcStamp(wire.commit.committer?.date ?? wire.commit.author?.date ?? ''),
    url: wire.html_url,
  };
}
