import type { ConnectionSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { guardedAgents, type OutboundAnswer, type OutboundRequest, send } from '../outbound.ts';
import { sendRead } from '../send-read.ts';

const DEADLINE = 10_000;
const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 307, 308]);

/** The part of a fetch response that Octokit reads. */
interface FetchResponse {
  status: number;
  url: string;
  headers: Map<string, string>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export type OctokitFetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<FetchResponse>;

/**
 * What Octokit sends its requests with, instead of the global `fetch`. The token is put on here and nowhere earlier,
 * so that no error object of Octokit ever holds it.
 * @throws AUTH when there is no token, INTERRUPTED, REFUSED, and plain network errors (Octokit wraps all of them)
 */
export function octokitFetch(options: {
  settings: ConnectionSettings;
  token: () => Promise<string | null>;
  signal: AbortSignal;
}): OctokitFetch {
  const { world } = options.settings;
  const kept = guardedAgents(world);
  let token: Promise<string | null> | undefined;
  return async (url, init) => {
    token ??= options.token();
    const reading = init.method === 'GET';
    const request: OutboundRequest = {
      url,
      method: init.method,
      headers: {
        ...init.headers,
        authorization: `Bearer ${bearer(await token)}`,
        'x-github-api-version': '2022-11-28',
        // A write must not die on a kept-alive connection that the server had just closed: nobody could tell that
        // from one that broke after the write was done.
        ...(reading ? {} : { connection: 'close' }),
      },
      ...(init.body === undefined ? {} : { body: init.body }),
      deadline: DEADLINE,
      signal: options.signal,
      agents: reading ? kept : guardedAgents(world),
    };
    const answer = await follow(request, reading ? sendRead : send);
    return asResponse(answer, url);
  };
}

/** Repositories that were renamed answer with a redirect. Only one to the same server may have the token. */
async function follow(
  request: OutboundRequest,
  dispatch: (request: OutboundRequest) => Promise<OutboundAnswer>,
): Promise<OutboundAnswer> {
  let answer = await dispatch(request);
  let url = new URL(request.url);
  for (let count = 0; count < MOST_REDIRECTS && REDIRECTS.has(answer.status); count++) {
    const location = answer.headers['location'] ?? '';
    const target = URL.canParse(location, url.href) ? new URL(location, url) : null;
    // 301 and 302 would turn a write into a read; GitHub redirects writes with 307 and 308.
    if (target?.origin !== url.origin || (request.method !== 'GET' && answer.status < 307)) break;
    url = target;
    answer = await dispatch({ ...request, url });
  }
  if (REDIRECTS.has(answer.status)) {
    throw new OncallError(`GitHub at ${url.host} sends us on to another place (${answer.status}).`, {
      code: 'CONFIG',
      hint: 'Check `repository` (was it renamed or moved?) and `github.apiUrl` in oncall.yaml.',
    });
  }
  return answer;
}

function bearer(token: string | null): string {
  if (token) return token;
  throw new OncallError('There is no GitHub token.', {
    code: 'AUTH',
    hint: 'Sign in with `gh auth login`, or set ONCALL_GITHUB_TOKEN.',
  });
}

function asResponse(answer: OutboundAnswer, url: string): FetchResponse {
  const bytes = () => new TextEncoder().encode(answer.body).buffer as ArrayBuffer;
  return {
    status: answer.status,
    url,
    headers: new Map(Object.entries(answer.headers)),
    text: async () => answer.body,
    arrayBuffer: async () => bytes(),
  };
}
