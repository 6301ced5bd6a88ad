import type { Exchange } from '../../exchange.ts';
import { type Face, faceByPath, type Operation } from '../../face.ts';
import { Failure, noIncidentResource } from '../../world/incident-manager/failure.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';
import { type CredentialGate, callerArn, NOBODY_EXPIRED, rejection } from '../aws/credentials.ts';
import { onceOnly } from '../aws/repeats.ts';
import { readInput, type Shape } from '../aws/shape.ts';

/** What an operation may need besides its input. */
export interface Call {
  engine: IncidentManager;
  /** ARN of whoever signed the request. */
  caller: string;
}

/** One operation of the restJson1 protocol, its input's type closed over. */
export interface RestOperation {
  name: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Status of a success. 204 has no body. */
  status: number;
  /** The members that come in the query string, and only there; what a GET asks for all does. */
  query?: readonly string[];
  run(raw: unknown, call: Call): unknown;
}

/** Ties an operation to the shape of its input, and to its idempotency token. */
export function operation<T>(
  definition: Omit<RestOperation, 'run'> & { input: Shape<T>; run: (input: T, call: Call) => unknown },
): RestOperation {
  const { input, run, ...rest } = definition;
  return {
    ...rest,
    run(raw, call) {
      const read = readInput(input, raw);
      return onceOnly(call.engine, rest.name, read, () => run(read, call));
    },
  };
}

/** Everything that is sent in a POST to `/operationName` and answered with `status`, which is most of this API. */
export function post<T>(
  name: string,
  status: number,
  input: Shape<T>,
  run: (input: T, call: Call) => unknown,
): RestOperation {
  return operation({ name, method: 'POST', path: pathOf(name), status, input, run });
}

function pathOf(name: string): string {
  return `/${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

const STATUS: Readonly<Partial<Record<string, number>>> = {
  ResourceNotFoundException: 404,
  ConflictException: 409,
  ServiceQuotaExceededException: 402,
};

/** What still answers in an account that never used Incident Manager; everything else needs a replication set. */
const WITHOUT_REPLICATION_SET: ReadonlySet<string> = new Set([
  'ListReplicationSets',
  'CreateReplicationSet',
  'ListIncidentRecords',
  'ListResponsePlans',
]);

/** The members of the input, each from where the model has it: body, query string or path. */
function inputOf(exchange: Exchange, { method, query }: RestOperation, params: object): Record<string, unknown> {
  const asked: Record<string, unknown> = {};
  for (const name of new Set(exchange.query.keys())) {
    if (method !== 'GET' && !query?.includes(name)) continue;
    asked[name] = name === 'tagKeys' ? exchange.query.getAll(name) : exchange.query.get(name);
  }
  return { ...(method === 'POST' ? bodyOf(exchange, query ?? []) : {}), ...asked, ...params };
}

function bodyOf(exchange: Exchange, elsewhere: readonly string[]): Record<string, unknown> {
  let body: unknown;
  try {
    body = exchange.parsed() ?? {};
  } catch {
    throw new Failure('SerializationException', 'The request body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Failure('SerializationException', 'The request body is not a JSON object');
  }
  return Object.fromEntries(Object.entries(body).filter(([name]) => !elsewhere.includes(name)));
}

export interface AwsFaceOptions {
  credentials?: CredentialGate;
}

/** The face of a restJson1 service. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restFace(
  name: string,
  engine: IncidentManager,
  operations: readonly RestOperation[],
  { credentials = NOBODY_EXPIRED }: AwsFaceOptions,
): Face {
  const call = { engine, caller: callerArn(engine.account) };

  function refuse(exchange: Exchange, status: number, error: { code: string; message: string; details?: object }) {
    const body = { __type: error.code, message: error.message, ...error.details };
    exchange.json(status, body, { 'x-amzn-errortype': error.code, 'x-amzn-requestid': engine.random.uuid() });
  }

  function answer(exchange: Exchange, operation: RestOperation, params: Readonly<Record<string, string>>): void {
    const rejected = rejection(exchange, credentials);
    if (rejected) {
      refuse(exchange, rejected.status, rejected);
      return;
    }
    try {
      if (!engine.enabled && !WITHOUT_REPLICATION_SET.has(operation.name)) {
        throw noIncidentResource('default', 'REPLICATION_SET');
      }
      const result = operation.run(inputOf(exchange, operation, params), call);
      const headers = { 'x-amzn-requestid': engine.random.uuid() };
      if (operation.status === 204) exchange.text(204, '', headers);
      else exchange.json(operation.status, result ?? {}, headers);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { Reason: _reason, Fields: _fields, ...details } = error.details;
      refuse(exchange, STATUS[error.name] ?? 400, { code: error.name, message: error.message, details });
    }
  }

  const routes: Operation[] = operations.map((one) => ({
    name: one.name,
    method: one.method,
    path: one.path,
    run: (exchange, params) => answer(exchange, one, params),
  }));
  return faceByPath(name, routes, (exchange) => {
    const rejected = rejection(exchange, credentials);
    if (rejected) {
      refuse(exchange, rejected.status, rejected);
      return;
    }
    const message = `The sandbox has no operation at ${exchange.method} ${exchange.path} of ${name}`;
    refuse(exchange, 404, { code: 'UnknownOperationException', message });
  });
}
