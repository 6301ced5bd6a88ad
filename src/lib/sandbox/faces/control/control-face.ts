import { timingSafeEqual } from 'node:crypto';
import { OncallError } from '../../../errors.ts';
import type { Exchange } from '../../exchange.ts';
import { type Face, faceByPath, type Operation } from '../../face.ts';
import type { FaultRequest } from '../../faults.ts';
import { readFaultRequest } from './fault-request.ts';

/** The part of the path under which the sandbox itself, not one of its services, is spoken to. */
export const CONTROL_PREFIX = '_sandbox';

/** What the controls act on. */
export interface Controls {
  /** Written by `oncall sandbox start` into the state directory, readable by its owner only. */
  token: string;
  status(): object;
  /** Moves the world's waits on by so many milliseconds of life. */
  advance(ms: number): void;
  /** Begins a scenario now. @throws NOT_FOUND */
  play(scenario: string): void;
  /** The services that can be made to misbehave. */
  faces(): readonly string[];
  addFault(fault: FaultRequest): object;
  faults(): readonly object[];
  /** Takes back one, or all with null. @returns those that were in force */
  clearFaults(id: number | null): readonly object[];
  /** What was received, oldest first. */
  log(): readonly { id: number; over: boolean }[];
  forgetLog(): void;
  /** Makes the next run of a workflow fail. */
  failNextRun(request: { workflow?: string; step?: string }): void;
  /** Pretends that the account never enabled Incident Manager, or that it did. */
  setEnabled(enabled: boolean): void;
  stop(): void;
}

/** Controls of the sandbox. Every call needs the token, so that no web page and no other user can turn a knob. */
export function controlFace(controls: Controls): Face {
  const face = faceByPath(CONTROL_PREFIX, operations(controls), (exchange) =>
    exchange.json(404, { error: `no control at ${exchange.method} ${exchange.path}` }),
  );
  return {
    name: face.name,
    async answer(exchange) {
      if (!holdsToken(exchange, controls.token)) {
        exchange.json(401, { error: 'control calls need the token out of the state directory' });
        return;
      }
      try {
        await face.answer(exchange);
      } catch (error) {
        exchange.json(error instanceof OncallError ? 400 : 500, { error: (error as Error).message });
      }
    },
  };
}

function holdsToken(exchange: Exchange, token: string): boolean {
  const given = Buffer.from(exchange.header('authorization') ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function operations(controls: Controls): Operation[] {
  const done = (exchange: Exchange) => exchange.json(200, { ok: true });
  const on = (method: string, path: string, run: (exchange: Exchange) => void): Operation => ({
    name: `${method} ${path}`,
    method,
    path,
    run,
  });
  return [
    on('GET', '/status', (exchange) => exchange.json(200, controls.status())),
    on('POST', '/advance', (exchange) => {
      const { ms } = read(exchange) as { ms?: unknown };
      if (typeof ms !== 'number' || !(ms >= 0)) throw usage('`ms` must be a number of milliseconds');
      controls.advance(ms);
      done(exchange);
    }),
    on('POST', '/play', (exchange) => {
      controls.play(String((read(exchange) as { scenario?: unknown }).scenario));
      done(exchange);
    }),
    on('GET', '/faults', (exchange) => exchange.json(200, controls.faults())),
    on('POST', '/faults', (exchange) =>
      exchange.json(200, controls.addFault(readFaultRequest(read(exchange), controls.faces()))),
    ),
    on('DELETE', '/faults', (exchange) => {
      const id = exchange.query.get('id');
      exchange.json(200, controls.clearFaults(id === null ? null : Number(id)));
    }),
    on('GET', '/log', (exchange) => {
      const after = Number(exchange.query.get('after') ?? 0);
      exchange.json(
        200,
        controls.log().filter(({ id }) => id > after),
      );
    }),
    on('DELETE', '/log', (exchange) => {
      controls.forgetLog();
      done(exchange);
    }),
    on('POST', '/fail-next-run', (exchange) => {
      controls.failNextRun(read(exchange) as { workflow?: string; step?: string });
      done(exchange);
    }),
    on('POST', '/enabled', (exchange) => {
      controls.setEnabled((read(exchange) as { enabled?: unknown }).enabled === true);
      done(exchange);
    }),
    on('POST', '/stop', (exchange) => {
      done(exchange);
      controls.stop();
    }),
  ];
}

function read(exchange: Exchange): object {
  try {
    const body = exchange.parsed() ?? {};
    if (typeof body === 'object') return body;
  } catch {
    // Said below.
  }
  throw usage('the body must be a JSON object');
}

function usage(text: string): OncallError {
  return new OncallError(text, { code: 'USAGE' });
}
