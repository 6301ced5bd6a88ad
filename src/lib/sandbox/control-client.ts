import { readFileSync } from 'node:fs';
import http from 'node:http';
import { OncallError } from '../errors.ts';
import { readText } from '../store/files.ts';
import { FILES, type SandboxAddress } from './env.ts';
import { CONTROL_PREFIX } from './faces/control/control-face.ts';

/** The sandbox that a state directory describes; null when none was started there. */
export async function readAddress(directory: string): Promise<SandboxAddress | null> {
  const text = await readText(`${directory}/${FILES.address}`);
  if (text === null) return null;
  try {
    return JSON.parse(text) as SandboxAddress;
  } catch {
    return null;
  }
}

/** The sandbox that runs there now; null when none does, whatever the file says. */
export async function runningAddress(directory: string): Promise<SandboxAddress | null> {
  const address = await readAddress(directory);
  if (!address) return null;
  return callControl(address, { method: 'GET', path: '/status' }).then(
    () => address,
    () => null,
  );
}

/** Whether the sandbox's process has ended. One that waits to be reaped by the system's first process has. */
export function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No such file on macOS, where processes are reaped at once.
    return false;
  }
}

/** Like `readAddress`, for commands that need one. @throws NOT_FOUND */
export async function requireAddress(directory: string): Promise<SandboxAddress> {
  const address = await readAddress(directory);
  if (address) return address;
  throw new OncallError('No sandbox is running.', {
    code: 'NOT_FOUND',
    hint: 'Start one with `oncall sandbox start`.',
  });
}

/**
 * One call of the sandbox's controls.
 * @throws UNAVAILABLE when the sandbox has gone; FAILED when it refused
 */
export function callControl<T>(
  address: SandboxAddress,
  call: { method: string; path: string; body?: object; signal?: AbortSignal },
): Promise<T> {
  const body = call.body === undefined ? '' : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port: address.port,
        method: call.method,
        path: `/${CONTROL_PREFIX}${call.path}`,
        headers: { authorization: `Bearer ${address.token}`, 'content-length': Buffer.byteLength(body) },
        timeout: 10_000,
        ...(call.signal ? { signal: call.signal } : {}),
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString('utf8');
          const answer = text ? (JSON.parse(text) as T & { error?: string }) : ({} as T & { error?: string });
          if (response.statusCode === 200) resolve(answer);
          else
            reject(
              new OncallError(`The sandbox refused: ${answer.error ?? `status ${response.statusCode}`}.`, {
                code: 'FAILED',
                hint: 'Start it afresh: `oncall sandbox stop`, then `oncall sandbox start`.',
              }),
            );
        });
      },
    );
    request.on('error', (cause) => reject(gone(cause)));
    request.end(body);
  });
}

function gone(cause: unknown): OncallError {
  return new OncallError('The sandbox has gone: nothing answers where it was.', {
    code: 'UNAVAILABLE',
    hint: 'Start it again with `oncall sandbox start`, or leave the practice world: eval "$(oncall sandbox env --unset)"',
    cause,
  });
}
