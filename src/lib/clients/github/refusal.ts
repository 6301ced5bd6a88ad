import { OncallError } from '../../errors.ts';

/** What was asked, in words, for the error that may come of it. */
export interface Errand {
  /** What is read or changed, e.g. `the deployments of dolthub/dolthubapi`. */
  what: string;
  /** For a write: what GitHub may or may not have done when it does not say, e.g. `started revert.yml`. */
  done?: string;
  /** What to paste to look at it by hand; used where GitHub does not have it, or did not say whether it did it. */
  look?: string;
}

/** An answer by which GitHub, or something before it, said no. */
export interface Refused {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  data: unknown;
  /** Name of the server, e.g. `api.github.com`. */
  host: string;
}

/** The error for such an answer. Only GitHub's message is taken from it: the rest may hold credentials. */
export function refusal(answer: Refused, errand: Errand): OncallError {
  const { status } = answer;
  const words = wordsOf(answer.data);
  if (isRateLimit(answer, words)) return rateLimited(answer);
  if (status === 401) {
    return new OncallError('GitHub does not accept this token: it is wrong, expired or revoked.', {
      code: 'AUTH',
      hint: `Sign in with \`${signIn(answer.host)}\`, or renew the token in ONCALL_GITHUB_TOKEN.`,
    });
  }
  if (status === 403) return forbidden(answer, { words, errand });
  if (status === 404 || status === 410) {
    return new OncallError(`GitHub does not have ${errand.what}, or this token may not see it.`, {
      code: 'NOT_FOUND',
      hint: `Check the name in oncall.yaml, and what you can see: \`${errand.look ?? 'gh auth status'}\``,
    });
  }
  if (status >= 500) return away(answer, errand);
  return new OncallError(`GitHub refuses (${status})${words ? `: ${words}` : ''}`, {
    code: 'FAILED',
    hint: errand.look ? `Check it by hand: \`${errand.look}\`` : 'Check what was asked for; nothing was changed.',
  });
}

/** The error for a write whose connection broke: it may have been done, and is not tried again. */
export function unconfirmed(errand: Errand, how: { reason: string; cause?: unknown }): OncallError {
  return new OncallError(
    `GitHub did not say whether it ${errand.done}: ${how.reason}. It may have; it was not asked twice.`,
    {
      code: 'UNAVAILABLE',
      hint: `Look before you try again${errand.look ? `: \`${errand.look}\`` : '.'}`,
      cause: how.cause,
    },
  );
}

/** The error for an answer that is cut, or not in the form of GitHub's API. */
export function unreadable(host: string, errand: Errand): OncallError {
  return new OncallError(`GitHub at ${host} gave an answer that cannot be read when asked for ${errand.what}.`, {
    code: 'UNAVAILABLE',
    hint: 'Try again; if it stays so, check `github.apiUrl` in oncall.yaml.',
  });
}

function away({ status, host }: Refused, errand: Errand): OncallError {
  if (errand.done) return unconfirmed(errand, { reason: `it answered with an error of its own (${status})` });
  return new OncallError(`GitHub is not available right now (${status}).`, {
    code: 'UNAVAILABLE',
    hint: host === 'api.github.com' ? 'Look at https://www.githubstatus.com and try again.' : 'Try again shortly.',
  });
}

/**
 * Forbidden for one of three reasons, which want three different remedies.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
function forbidden(answer: Refused, facts: { words: string; errand: Errand }): OncallError {
  const { words, errand } = facts;
  const sso = /url=(\S+)/.exec(answer.headers['x-github-sso'] ?? '')?.[1];
  if (sso) {
    return new OncallError(`The organization wants single sign-on for this token before it shows ${errand.what}.`, {
      code: 'AUTH',
      hint: `Open ${sso} to authorize the token.`,
    });
  }
  const needed = answer.headers['x-accepted-github-permissions'];
  return new OncallError(
    `This token may not do that on GitHub (${errand.what})${words ? `: ${words}` : ''}.`.replace(/\.\.$/, '.'),
    {
      code: 'AUTH',
      hint: needed
        ? `Give the token the permission ${needed.replaceAll('=', ': ')}, or sign in with \`${signIn(answer.host)}\`.`
        : `Sign in with an account that may: \`${signIn(answer.host)}\``,
    },
  );
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function isRateLimit({ status, headers }: Refused, words: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return Boolean(headers['retry-after']) || headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(words);
}

function rateLimited({ headers }: Refused): OncallError {
  const used = headers['x-ratelimit-remaining'] === '0';
  const limit = headers['x-ratelimit-limit'];
  const message = used
    ? `GitHub's rate limit for this token is used up${limit ? ` (${limit} requests an hour)` : ''}.`
    : 'GitHub is asked too often in a short time (its secondary rate limit).';
  return new OncallError(message, { code: 'RATE_LIMITED', hint: `Try again ${againWhen(headers)}.` });
}

function againWhen(headers: Refused['headers']): string {
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (after >= 0) return `in ${inWords(after)}`;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (Number.isNaN(reset)) return 'in a minute';
  // GitHub's own clock, since ours may be wrong.
  const seconds = reset - Date.parse(headers['date'] ?? '') / 1000;
  const at = `${new Date(reset * 1000).toISOString().slice(0, 19)}Z`;
  return seconds > 0 ? `in ${inWords(seconds)}, at ${at}` : `at ${at}`;
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** GitHub's message, with the single complaints of a 422. */
function wordsOf(data: unknown): string {
  const { message, errors } = (data ?? {}) as { message?: unknown; errors?: unknown };
  if (typeof message !== 'string') return '';
  const complaints = (Array.isArray(errors) ? errors : []).map((error: unknown) =>
    typeof error === 'string' ? error : String((error as { message?: unknown } | null)?.message ?? ''),
  );
  return [message.replace(/\s+/g, ' ').trim(), ...complaints.filter(Boolean)].join('; ');
}

function signIn(host: string): string {
  return host === 'api.github.com' ? 'gh auth login' : `gh auth login --hostname ${host}`;
}
