import { Octokit } from '@octokit/rest';
import type { ConnectionSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { networkCode, unreachable } from '../outbound.ts';
import { octokitFetch } from './octokit-fetch.ts';
import { type Errand, refusal, unconfirmed, unreadable } from './refusal.ts';

export interface GitHubOptions {
  settings: ConnectionSettings;
  /** Asked once, when the first request is made; null when there is none. */
  token: () => Promise<string | null>;
  signal: AbortSignal;
}

interface Answer<D> {
  status: number;
  headers: Readonly<Record<string, string | number | undefined>>;
  data: D;
}

/** GitHub's REST API, with every failure already in the user's words. */
export interface Api {
  readonly octokit: Octokit;
  /**
   * Makes one call and reads its answer.
   * @throws AUTH, NOT_FOUND, RATE_LIMITED, UNAVAILABLE, FAILED, INTERRUPTED
   */
  call<D, T>(errand: Errand, ask: () => Promise<Answer<D>>, read: (answer: Answer<D>) => T): Promise<T>;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Failures in which no request can have reached GitHub. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

export function githubApi(options: GitHubOptions): Api {
  const baseUrl = options.settings.github.apiUrl.replace(/\/+$/, '');
  // `request.log` as well: Octokit's request layer prints deprecations to the console otherwise.
  const request = { fetch: octokitFetch(options), log: SILENT };
  const octokit = new Octokit({ baseUrl, userAgent: 'oncall', request, log: SILENT });
  const at = { url: baseUrl, world: options.settings.world };
  return {
    octokit,
    async call(errand, ask, read) {
      let answer: Awaited<ReturnType<typeof ask>>;
      try {
        answer = await ask();
      } catch (error) {
        throw translate(error, { errand, at });
      }
      try {
        // Octokit gives a body that it cannot parse as the text that came.
        if (answer.data !== '' && typeof answer.data !== 'string') return read(answer);
        if (answer.status === 204 || answer.status === 201) return read(answer);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      throw unreadable(new URL(baseUrl).host, errand);
    },
  };
}

function translate(
  error: unknown,
  facts: { errand: Errand; at: { url: string; world: ConnectionSettings['world'] } },
): unknown {
  const { errand, at } = facts;
  if (!(error instanceof Error)) return error;
  if (error instanceof OncallError) return error;
  if (error.cause instanceof OncallError) return error.cause;
  const { response } = error as { response?: { status: number; headers: Record<string, string>; data: unknown } };
  if (response) return refusal({ ...response, host: new URL(at.url).host }, errand);
  const code = networkCode(error);
  if (!code && !error.cause) return error;
  const cause = error.cause ?? error;
  if (errand.done && !(code && NOT_SENT.has(code))) {
    return unconfirmed(errand, { reason: code === 'ETIMEDOUT' ? 'no answer in time' : 'the connection broke', cause });
  }
  return unreachable('GitHub', at, cause);
}

/** Owner and name, as the calls want them. @throws CONFIG when it is not `owner/name` */
export function ownerAndRepo(repository: string): { owner: string; repo: string } {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (owner && repo) return { owner, repo };
  throw new OncallError(`"${repository}" is not the name of a GitHub repository.`, {
    code: 'CONFIG',
    hint: 'Write `repository` in oncall.yaml as owner/name, for example dolthub/dolthubapi.',
  });
}

/** Gives `null` where GitHub has no such thing. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
