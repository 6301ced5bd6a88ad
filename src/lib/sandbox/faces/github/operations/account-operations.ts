import { profileBody } from '../bodies/user-body.ts';
import type { Call } from '../call.ts';
import type { AccountOperation } from '../operation.ts';

const FIRST_VERSION_WITHOUT_RATE = '2026-03-10';

function rateLimit(call: Call): void {
  const { limit, used, resetAt } = call.allowance;
  const core = { limit, used, remaining: limit - used, reset: Math.ceil(resetAt / 1_000) };
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset };
  const resources = { core, search };
  const isNew = (call.exchange.header('x-github-api-version') ?? '') >= FIRST_VERSION_WITHOUT_RATE;
  call.free(isNew ? { resources } : { resources, rate: core });
}

/** The root, by which clients look whether they reach GitHub at all. */
function root(call: Call): void {
  const { api } = call.at;
  call.json(200, {
    current_user_url: `${api}/user`,
    rate_limit_url: `${api}/rate_limit`,
    repository_url: `${api}/repos/{owner}/{repo}`,
  });
}

/** Who the caller is, and how much it may still ask. */
export const accountOperations: readonly AccountOperation[] = [
  { method: 'GET', path: '/', docs: 'meta/meta#github-api-root', run: root },
  {
    method: 'GET',
    path: '/user',
    docs: 'users/users#get-the-authenticated-user',
    run(call) {
      if (call.caller) call.json(200, profileBody(call.caller.account, call.at));
      else call.refuse(401, 'Requires authentication');
    },
  },
  {
    method: 'GET',
    path: '/rate_limit',
    docs: 'rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user',
    run: rateLimit,
  },
];
