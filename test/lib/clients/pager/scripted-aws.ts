import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectionSettings } from '../../../../src/lib/config/settings.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-west-2';

/** What every ARN of ssm-contacts in this account begins with. */
export const CONTACTS = `arn:aws:ssm-contacts:${REGION}:${ACCOUNT}`;
export const UUIDS = ['aaaaaaaa-1111-4111-8111-111111111111', 'bbbbbbbb-2222-4222-8222-222222222222'] as const;
export const RECORD = `arn:aws:ssm-incidents::${ACCOUNT}:incident-record/dolthubapi-down/${UUIDS[0]}`;
export const OLD_RECORD = `arn:aws:ssm-incidents::${ACCOUNT}:incident-record/userservice-slow/${UUIDS[1]}`;
/** When the open incident began, in seconds since 1970, as AWS sends times. */
export const STARTED = 1_780_000_000.5;

/** An incident as lists show it. */
export function summary(arn: string, status: string, creationTime = STARTED) {
  const incidentRecordSource = { createdBy: `arn:aws:sts::${ACCOUNT}:assumed-role/x/y`, source: 'aws.events' };
  return { arn, title: 'dolthubapi is down', status, impact: 1, creationTime, incidentRecordSource };
}

/** One request as it arrived: the operation by its own name, and its input. */
export interface Arrived {
  operation: string;
  input: Record<string, unknown>;
  authorization: string;
}

export interface Reply {
  status?: number;
  /** An object is sent as JSON, a string as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Ends the connection after the headers and the body, although more was promised. */
  breakOff?: boolean;
  /** Breaks the connection before anything is answered. */
  hangUp?: boolean;
  /** Never answers. */
  silent?: boolean;
}

type Script = Record<string, Reply | ((input: Record<string, unknown>, nth: number) => Reply | Promise<Reply>)>;

export const STS_ANSWER = identityXml(`arn:aws:sts::${ACCOUNT}:assumed-role/Engineer/sam`);

export function identityXml(arn: string): string {
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>${arn}</Arn><UserId>AROA:sam</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
}

function arrivedOf(request: http.IncomingMessage, body: string): Arrived {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const authorization = request.headers.authorization ?? '';
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    return { operation: target.split('.')[1] ?? '', input: JSON.parse(body), authorization };
  }
  if (body.startsWith('Action='))
    return { operation: new URLSearchParams(body).get('Action') ?? '', input: {}, authorization };
  const name = url.pathname.slice(1);
  return {
    operation: name.charAt(0).toUpperCase() + name.slice(1),
    input: { ...Object.fromEntries(url.searchParams), ...(body ? JSON.parse(body) : {}) },
    authorization,
  };
}

/** A server that answers AWS operations as told, for what no working service does; it notes all that arrives. */
export class ScriptedAws {
  readonly arrived: Arrived[] = [];
  script: Script;
  readonly #server: http.Server;

  private constructor(script: Script) {
    this.script = script;
    this.#server = http.createServer((request, response) => void this.#answer(request, response));
  }

  static async start(script: Script): Promise<ScriptedAws> {
    const aws = new ScriptedAws(script);
    await new Promise<void>((resolve) => aws.#server.listen(0, '127.0.0.1', resolve));
    return aws;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  settings(changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
    return settingsAt(this.endpoint, changes);
  }

  operations(): string[] {
    return this.arrived.map(({ operation }) => operation);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const arrived = arrivedOf(request, body);
    this.arrived.push(arrived);
    const nth = this.arrived.filter(({ operation }) => operation === arrived.operation).length;
    const line =
      this.script[arrived.operation] ?? (arrived.operation === 'GetCallerIdentity' ? { body: STS_ANSWER } : {});
    const reply = await (typeof line === 'function' ? line(arrived.input, nth) : line);
    if (reply.silent) return;
    if (reply.hangUp) return void request.socket.destroy();
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text) + (reply.breakOff ? 100 : 0),
      ...reply.headers,
    });
    response.write(text, () => (reply.breakOff ? request.socket.destroy() : response.end()));
  }
}

export function settingsAt(endpoint: string | null, changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    world: 'sandbox',
    environment: 'production',
    aws: { region: REGION, profile: null, endpoint },
    kubernetes: { kubeconfig: null, context: null },
    prometheus: null,
    alertmanager: null,
    github: { apiUrl: 'http://127.0.0.1:1' },
    discord: { responders: null, customers: null, mentionRole: null, file: '', problem: null, exposed: false },
    ...changes,
  };
}

/** An error in the shape of ssm-contacts. */
export function contactsError(type: string, message: string, more: Record<string, unknown> = {}): Reply {
  return { status: 400, body: { __type: type, Message: message, ...more } };
}

/** An error in the shape of ssm-incidents. */
export function incidentsError(
  status: number,
  type: string,
  message: string,
  more: Record<string, unknown> = {},
): Reply {
  return { status, body: { message, ...more }, headers: { 'x-amzn-errortype': type } };
}
