import { setTimeout as wait } from 'node:timers/promises';
import { interrupted } from '../errors.ts';
import { networkCode, type OutboundAnswer, type OutboundRequest, send } from './outbound.ts';

/** Longest wait that a server may ask of us before the second try, in seconds. */
const PATIENCE = 5;
const BRIEFLY = 250;

/** Breaks that often are one unlucky connection, such as a kept-alive one that the server had just closed. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN']);

/**
 * Like `send`, for requests that only read: tried a second time when the connection breaks, on a server's error, and
 * on 429 when the server asks for no more than five seconds. Never for a write.
 * @throws INTERRUPTED, or the plain network error of the last try
 */
export async function sendRead(request: OutboundRequest): Promise<OutboundAnswer> {
  let pause: number | null;
  try {
    const answer = await send(request);
    pause = pauseAfter(answer);
    if (pause === null) return answer;
  } catch (error) {
    if (!PASSING.has(networkCode(error) ?? '')) throw error;
    pause = BRIEFLY;
  }
  await rest(pause, request.signal);
  return send(request);
}

/** Milliseconds to wait before the same read may be tried again; null when its answer stands. */
export function pauseAfter({ status, headers }: { status: number; headers: Record<string, string> }): number | null {
  if (status < 500 && status !== 429) return null;
  const asked = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isNaN(asked)) return status === 429 ? null : BRIEFLY;
  return asked <= PATIENCE ? asked * 1000 : null;
}

/** Waits, but not beyond an abort. @throws INTERRUPTED */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {
    throw interrupted();
  });
}
