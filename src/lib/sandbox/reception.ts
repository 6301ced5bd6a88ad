import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, Received } from './exchange.ts';
import type { Face } from './face.ts';
import { answerFailure } from './fault-answers.ts';
import { type Fault, type Faults, SLOW_MS } from './faults.ts';
import { isWrite } from './is-write.ts';
import type { WorldClock } from './world/clock.ts';

/** The log keeps the newest requests; a long practice session must not fill the memory. */
const LONGEST_LOG = 20_000;

/**
 * Stands before every face: plays the faults that are in force and writes down what came in, so that a test, and
 * `oncall sandbox log`, can say what an outside service really received.
 */
export class Reception {
  readonly #clock: WorldClock;
  readonly #faults: Faults;
  readonly #faces: string[] = [];
  #log: Received[] = [];
  #next = 1;

  constructor(clock: WorldClock, faults: Faults) {
    this.#clock = clock;
    this.#faults = faults;
  }

  /** The face as the outside meets it. */
  before(face: Face): Face {
    this.#faces.push(face.name);
    return { name: face.name, answer: (exchange) => this.#receive(face, exchange) };
  }

  /** The names of the faces that it stands before. */
  get faces(): readonly string[] {
    return this.#faces;
  }

  /** What was received, oldest first. */
  log(): readonly Received[] {
    return this.#log;
  }

  forget(): void {
    this.#log = [];
  }

  async #receive(face: Face, exchange: Exchange): Promise<void> {
    const entry: Received = {
      id: this.#next++,
      at: new Date(this.#clock.now()).toISOString(),
      face: face.name,
      operation: null,
      method: exchange.method,
      path: withoutSecret(exchange.path),
      body: readable(exchange),
      status: 0,
      write: false,
      over: false,
      fault: null,
    };
    const note = () => {
      entry.operation = exchange.operation ?? targetOf(exchange);
      entry.status = exchange.status;
      entry.write = isWrite(entry);
    };
    note();
    exchange.onStatus = note;
    this.#log.push(entry);
    if (this.#log.length > LONGEST_LOG) this.#log.shift();
    const fault = this.#faults.strike(face.name, exchange);
    entry.fault = fault?.kind ?? null;
    try {
      if (!fault || (await this.#play(fault, face, exchange))) await face.answer(exchange);
    } catch (error) {
      // A face that throws is a fault of the sandbox: the client sees a 500, and the log says what it was.
      entry.fault = `sandbox bug: ${error instanceof Error ? error.message : String(error)}`;
      if (exchange.answered) exchange.destroy();
      else answerFailure(face.name, exchange, { status: '500', echo: false });
    }
    note();
    entry.over = true;
  }

  /** Plays a fault. @returns whether the face shall answer after all */
  async #play(fault: Fault, face: Face, exchange: Exchange): Promise<boolean> {
    switch (fault.kind) {
      case 'slow':
        await sleep(SLOW_MS, undefined, { signal: exchange.signal, ref: false }).catch(() => {});
        return !exchange.signal.aborted;
      case 'cut':
      case 'lost':
        exchange.breaks = fault.kind;
        return true;
      case 'malformed':
        exchange.text(200, '{"half":[{"a', { 'content-type': exchange.header('content-type') ?? 'application/json' });
        return false;
      case 'refused':
        exchange.destroy();
        return false;
      default:
        answerFailure(face.name, exchange, { status: fault.kind, echo: fault.echo });
        return false;
    }
  }
}

/** A webhook's address is its credential. */
function withoutSecret(path: string): string {
  return path.replace(/(\/webhooks\/\d+\/)[^/]+/, '$1…');
}

function readable(exchange: Exchange): unknown {
  if (exchange.body.length === 0) return null;
  try {
    return exchange.parsed();
  } catch {
    return exchange.body.toString('utf8');
  }
}

/** An AWS request that a fault kept from its face names its operation in a header. */
function targetOf(exchange: Exchange): string | null {
  return exchange.header('x-amz-target')?.split('.').at(-1) ?? null;
}
