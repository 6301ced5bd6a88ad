import { ListContactsCommand, SSMContactsClient } from '@aws-sdk/client-ssm-contacts';
import { ListReplicationSetsCommand, SSMIncidentsClient } from '@aws-sdk/client-ssm-incidents';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Model, type Service, wireRequest } from './aws-model.ts';
import type { Account } from './check.ts';
import { type Answer, answerOf } from './wire.ts';

export interface AccountOptions {
  /** Instead of AWS: a practice world, say. Fixed worthless credentials are used then. */
  endpoint?: string | undefined;
  /** Without it, the one that the SDK finds. */
  region?: string | undefined;
}

interface HttpRequest {
  method: string;
  path: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  body?: unknown;
}
type Handler = (request: HttpRequest) => Promise<{ response: { statusCode: number; headers: Headers; body: Body } }>;
type Headers = Record<string, string>;
type Body = AsyncIterable<Uint8Array>;
type Stack = { add(middleware: (next: Next) => Next, options: { step: 'build'; name: string }): void };
type Next = (args: { request: HttpRequest }) => Promise<unknown>;

/** The part of a client of the SDK, of either generation, that is made use of. */
interface Client {
  config: { requestHandler: { handle: (...given: never[]) => Promise<unknown> } };
  middlewareStack: { clone(): Stack };
}

/**
 * Sends a request as the model says, through a client of the SDK: credentials, endpoint and signature are the SDK's, the
 * input goes out unchanged, and the answer is read before the SDK makes anything of it.
 */
function sender(client: Client, carrier: () => { middlewareStack: Stack }, send: (command: never) => Promise<unknown>) {
  const handler = client.config.requestHandler;
  const handle = handler.handle.bind(handler) as unknown as Handler;
  let last: Answer | undefined;
  handler.handle = (async (...given: Parameters<Handler>) => {
    const result = await handle(...given);
    const { statusCode, headers, body } = result.response;
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    last = answerOf(statusCode, headers['x-amzn-errortype'], Buffer.concat(chunks).toString('utf8'));
    throw new Answered();
  }) as never;
  return async (model: Model, operation: string, input: Record<string, unknown>): Promise<Answer> => {
    const known = model.operations[operation];
    if (!known) throw new Error(`${model.service} has no operation ${operation}`);
    const wire = wireRequest(model, known, input);
    const command = carrier();
    const [path = '/', query = ''] = wire.path.split('?');
    command.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        Object.assign(request, { method: wire.method, path, body: wire.body });
        request.query = Object.fromEntries(
          [...new URLSearchParams(query)].map(([name]) => [name, new URLSearchParams(query).getAll(name)]),
        );
        Object.assign(request.headers, wire.headers);
        request.headers['content-length'] = String(Buffer.byteLength(wire.body ?? ''));
        return next(args);
      },
      { step: 'build', name: 'asTheModelSays' },
    );
    last = undefined;
    try {
      await send(command as never);
    } catch (error) {
      if (last === undefined) throw error;
    }
    if (last === undefined) throw new Error('no answer came');
    return last;
  };
}

/** Ends the SDK's part: the answer has been read. */
class Answered extends Error {
  /** Or the SDK would try again. */
  readonly $retryable = undefined;
}

/**
 * Opens an account with whatever credentials the SDK finds for `AWS_PROFILE`.
 * @throws what STS says when there is no such account, or no way in.
 */
export async function openAccount(
  models: Readonly<Record<Service, Model>>,
  { endpoint, region }: AccountOptions,
): Promise<Account> {
  const dummy = { endpoint, credentials: { accessKeyId: 'AKIASANDBOXSANDBOX00', secretAccessKey: 'sandbox' } };
  const local = endpoint ? { region: 'us-west-2', ...dummy } : {};
  const settings = { maxAttempts: 1, ...local, ...(region ? { region } : {}) };
  const { Account: id = '' } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  const contacts = new SSMContactsClient(settings);
  const incidents = new SSMIncidentsClient(settings);
  const senders = {
    'ssm-contacts': sender(
      contacts as unknown as Client,
      () => new ListContactsCommand({}) as unknown as { middlewareStack: Stack },
      (command) => contacts.send(command),
    ),
    'ssm-incidents': sender(
      incidents as unknown as Client,
      () => new ListReplicationSetsCommand({}) as unknown as { middlewareStack: Stack },
      (command) => incidents.send(command),
    ),
  };
  return {
    id,
    region: await incidents.config.region(),
    send: (service, operation, input) => senders[service](models[service], operation, input),
  };
}
