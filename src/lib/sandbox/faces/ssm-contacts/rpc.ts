import type { Exchange } from '../../exchange.ts';
import type { Face } from '../../face.ts';
import { Failure, invalid } from '../../world/incident-manager/failure.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';
import { type CredentialGate, NOBODY_EXPIRED, rejection } from '../aws/credentials.ts';
import { onceOnly } from '../aws/repeats.ts';
import { readInput, type Shape } from '../aws/shape.ts';

/** One operation of the awsJson1_1 protocol, its input's type closed over. */
export interface RpcOperation {
  name: string;
  run(raw: unknown, engine: IncidentManager): unknown;
}

/** Ties an operation to the shape of its input, and to its idempotency token. What it does not return is answered as `{}`. */
export function operation<T>(
  name: string,
  input: Shape<T>,
  run: (input: T, engine: IncidentManager) => unknown,
): RpcOperation {
  return {
    name,
    run(raw, engine) {
      const read = readInput(input, raw);
      return onceOnly(engine, name, read, () => run(read, engine));
    },
  };
}

export interface RpcFaceOptions {
  credentials?: CredentialGate;
}

interface Refusal {
  code: string;
  message: string;
  details?: object;
}

const TYPE = 'application/x-amz-json-1.1';

/**
 * The face of an awsJson1_1 service: everything is a POST to `/`, and a header names the operation.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function rpcFace(
  service: { name: string; target: string },
  engine: IncidentManager,
  operations: readonly RpcOperation[],
  { credentials = NOBODY_EXPIRED }: RpcFaceOptions,
): Face {
  const byName = new Map(operations.map((one) => [one.name, one]));

  function refuse(exchange: Exchange, status: number, { code, message, details }: Refusal): void {
    const headers = { 'content-type': TYPE, 'x-amzn-errortype': code, 'x-amzn-requestid': engine.random.uuid() };
    exchange.json(status, { __type: code, Message: message, ...details }, headers);
  }

  function run(exchange: Exchange, asked: string): unknown {
    const wanted = byName.get(asked);
    if (exchange.method !== 'POST' || exchange.path !== '/' || !wanted) {
      const message = `The sandbox has no operation ${asked || `at ${exchange.method} ${exchange.path}`} of ${service.name}`;
      throw new Failure('UnknownOperationException', message);
    }
    if (!engine.enabled) throw invalid('Account not found for the request');
    let input: unknown;
    try {
      input = exchange.parsed();
    } catch {
      throw new Failure('SerializationException', 'The request body is not valid JSON');
    }
    return wanted.run(input, engine);
  }

  return {
    name: service.name,
    answer(exchange) {
      const target = exchange.header('x-amz-target') ?? '';
      const asked = target.startsWith(`${service.target}.`) ? target.slice(service.target.length + 1) : target;
      if (byName.has(asked)) exchange.operation = asked;
      const rejected = rejection(exchange, credentials);
      if (rejected) {
        refuse(exchange, rejected.status, rejected);
        return;
      }
      try {
        const result = run(exchange, asked) ?? {};
        exchange.json(200, result, { 'content-type': TYPE, 'x-amzn-requestid': engine.random.uuid() });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        refuse(exchange, 400, { code: error.name, message: error.message, details: error.details });
      }
    },
  };
}
