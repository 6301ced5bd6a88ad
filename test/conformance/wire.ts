import { type Model, type ModelOperation, wireRequest } from './aws-model.ts';

/** An answer as it came over the wire. */
export interface Answer {
  status: number;
  /** The error's name; null for a success. */
  error: string | null;
  /** The body as JSON; `{}` where there is none. */
  body: Record<string, unknown>;
}

/** The name of an error, from the header or the body, without namespace or link. */
export function errorName(header: string | null | undefined, body: Record<string, unknown>): string {
  const named = header ?? body.__type ?? body.code ?? 'UnknownError';
  return String(named).replace(/:.*$/, '').replace(/^.*#/, '');
}

export function answerOf(status: number, header: string | null | undefined, text: string): Answer {
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status, error: status < 300 ? null : errorName(header, body), body };
}

/**
 * Sends one input as it is, however wrong, signed for form's sake: a client of AWS's own would refuse some of them
 * before they reach anybody.
 */
export async function sendRaw(
  endpoint: string,
  { model, operation }: { model: Model; operation: ModelOperation },
  input: Record<string, unknown>,
): Promise<Answer> {
  const request = wireRequest(model, operation, input);
  const scope = `AKIASANDBOXSANDBOX00/20261105/us-west-2/${model.service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`;
  const response = await fetch(`${endpoint}${request.path}`, {
    method: request.method,
    headers: { ...request.headers, authorization },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  return answerOf(response.status, response.headers.get('x-amzn-errortype'), await response.text());
}
