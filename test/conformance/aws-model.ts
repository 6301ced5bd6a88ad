import { execFileSync } from 'node:child_process';

/** The two services, by the names under which the AWS command line and botocore know them. */
export const SERVICES = ['ssm-incidents', 'ssm-contacts'] as const;
export type Service = (typeof SERVICES)[number];

/** What of a shape of AWS's own model is looked at here. */
export interface ModelShape {
  type: string;
  required?: string[];
  members?: Record<string, Member>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  union?: boolean;
}

interface Member {
  shape: string;
  location?: 'querystring' | 'uri';
  locationName?: string;
}

export interface ModelOperation {
  name: string;
  http: { method: string; requestUri: string; responseCode?: number };
  input: { shape: string };
  output?: { shape: string };
  errors: { shape: string }[];
}

export interface Model {
  service: Service;
  operations: Record<string, ModelOperation>;
  shapes: Record<string, ModelShape>;
}

const PROGRAM = `
import json, sys, botocore.loaders
print(json.dumps(botocore.loaders.Loader().load_service_model(sys.argv[1], 'service-2')))
`;

/**
 * The model of a service as botocore, the AWS command line's own library, ships it. Read there rather than kept here, so
 * that it cannot have been written to suit the sandbox.
 * @throws when no `python3` with botocore is on the path.
 */
export function loadModel(service: Service): Model {
  const text = execFileSync('python3', ['-c', PROGRAM, service], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const { operations, shapes } = JSON.parse(text) as Pick<Model, 'operations' | 'shapes'>;
  return { service, operations, shapes };
}

export function shapeOf(model: Model, name: string): ModelShape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`${model.service} has no shape ${name}`);
  return shape;
}

/** The members of an operation's input that do not travel in the body. */
function placed(model: Model, operation: ModelOperation, location: 'querystring' | 'uri'): [string, string][] {
  const members = Object.entries(shapeOf(model, operation.input.shape).members ?? {});
  return members.flatMap(([name, member]) =>
    member.location === location ? [[name, member.locationName ?? name] as [string, string]] : [],
  );
}

/** A request as it goes over the wire, but for its signature. */
export interface WireRequest {
  method: string;
  /** With the query string. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Puts an input where the model says that its members go. Nothing is checked: a broken input is sent as it is. */
export function wireRequest(model: Model, operation: ModelOperation, input: Record<string, unknown>): WireRequest {
  if (model.service === 'ssm-contacts') {
    const headers = { 'x-amz-target': `SSMContacts.${operation.name}`, 'content-type': 'application/x-amz-json-1.1' };
    return { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
  }
  const body = { ...input };
  let path = operation.http.requestUri;
  for (const [name, wire] of placed(model, operation, 'uri')) {
    path = path.replace(`{${wire}}`, encodeURIComponent(String(input[name])));
    delete body[name];
  }
  const query = new URLSearchParams();
  for (const [name, wire] of placed(model, operation, 'querystring')) {
    for (const value of [input[name]].flat()) if (value !== undefined) query.append(wire, String(value));
    delete body[name];
  }
  if (query.size > 0) path += `?${query}`;
  const { method } = operation.http;
  const headers = { 'content-type': 'application/json' };
  return { method, path, headers, body: method === 'POST' ? JSON.stringify(body) : undefined };
}
