import type { OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from './exchange.ts';

interface Refusal {
  status: number;
  body: string | object;
  headers?: OutgoingHttpHeaders;
}

type Status = '401' | '403' | '429' | '500' | '503';

/** Seconds that a throttled client is told to wait. */
const RETRY_AFTER = 1;

/** Only a throttled client is told how long to wait. */
function waiting(status: Status): OutgoingHttpHeaders {
  return status === '429' ? { 'retry-after': String(RETRY_AFTER) } : {};
}

/** AWS says what went wrong by a type, not by the status; expired credentials are a 403 to REST and a 400 to JSON-RPC. */
function aws(exchange: Exchange, status: Status): Refusal {
  const rest = !exchange.header('x-amz-target');
  const [type, code, message] = {
    '401': ['ExpiredTokenException', rest ? 403 : 400, 'The security token included in the request is expired'],
    '403': [
      'AccessDeniedException',
      rest ? 403 : 400,
      'User: arn:aws:sts::000000000000:assumed-role/oncall-responder/sam is not authorized to perform this action',
    ],
    '429': ['ThrottlingException', rest ? 429 : 400, 'Rate exceeded'],
    '500': ['InternalServerException', 500, 'Internal server error'],
    '503': ['ServiceUnavailableException', 503, 'Service is unavailable'],
  }[status] as [string, number, string];
  return {
    status: code,
    body: {
      __type: type,
      message,
      Message: message,
      // Only this service says how long to wait, and it says so in the body.
      ...(status === '429' && !rest ? { RetryAfterSeconds: RETRY_AFTER } : {}),
    },
    headers: { 'x-amzn-errortype': type, 'x-amzn-requestid': '00000000-0000-4000-8000-000000000000' },
  };
}

/** STS speaks the older Query protocol, whose errors are XML. */
function sts(status: Status): Refusal {
  const [type, code, message] = {
    '401': ['ExpiredToken', 403, 'The security token included in the request is expired'],
    '403': ['AccessDenied', 403, 'User is not authorized to perform: sts:GetCallerIdentity'],
    '429': ['Throttling', 400, 'Rate exceeded'],
    '500': ['InternalFailure', 500, 'The request processing has failed because of an unknown error'],
    '503': ['ServiceUnavailable', 503, 'The request has failed due to a temporary failure of the server'],
  }[status] as [string, number, string];
  const sender = code < 500 ? 'Sender' : 'Receiver';
  return {
    status: code,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>${sender}</Type><Code>${type}</Code><Message>${message}</Message></Error><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>`,
  };
}

function kubernetes(status: Status): Refusal {
  const [reason, message] = {
    '401': ['Unauthorized', 'Unauthorized'],
    '403': ['Forbidden', 'forbidden: User "sam" cannot access this resource'],
    '429': ['TooManyRequests', 'Too many requests, please try again later.'],
    '500': ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
    '503': ['ServiceUnavailable', 'apiserver not ready'],
  }[status] as [string, string];
  return {
    status: Number(status),
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: Number(status) },
    headers: waiting(status),
  };
}

function github(status: Status): Refusal {
  const message = {
    '401': 'Bad credentials',
    '403': 'Resource not accessible by personal access token',
    '429': 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    '500': 'Server Error',
    '503': 'Service Unavailable',
  }[status];
  return {
    status: Number(status),
    body: { message, documentation_url: 'https://docs.github.com/rest', status },
    headers: waiting(status),
  };
}

/** Of a webhook a 401 says that its token is no good; the wait of a 429 stands in the body, too. */
function discord(status: Status): Refusal {
  const body = {
    '401': { message: 'Invalid Webhook Token', code: 50027 },
    '403': { message: 'Missing Permissions', code: 50013 },
    '429': { message: 'You are being rate limited.', retry_after: RETRY_AFTER, global: false },
    '500': { message: '500: Internal Server Error', code: 0 },
    '503': { message: 'upstream connect error or disconnect/reset before headers', code: 0 },
  }[status];
  const limits =
    status === '429' ? { via: '1.1 google', 'x-ratelimit-scope': 'user', 'x-ratelimit-remaining': '0' } : {};
  return { status: Number(status), body, headers: { ...waiting(status), ...limits } };
}

/** Prometheus and Alertmanager have no sign-in of their own: these are the words of the proxy before them. */
function proxied(status: Status): Refusal {
  const words = {
    '401': 'Authorization Required',
    '403': 'Forbidden',
    '429': 'Too Many Requests',
    '500': 'Internal Server Error',
    '503': 'Service Unavailable',
  };
  return {
    status: Number(status),
    body: `<html>\r\n<head><title>${status} ${words[status]}</title></head>\r\n<body><center><h1>${status} ${words[status]}</h1></center></body>\r\n</html>\r\n`,
    headers: { 'content-type': 'text/html', ...waiting(status) },
  };
}

/** Answers a request with a failure in the words of the service that it was meant for. */
export function answerFailure(face: string, exchange: Exchange, failure: { status: Status; echo: boolean }): void {
  const { body, status, headers } = refusalOf(face, exchange, failure.status);
  const told = failure.echo ? echoed(exchange) : '';
  if (typeof body === 'string')
    exchange.text(
      status,
      body.replace(/<\/(Message|h1)>/, (end) => `${escaped(told)}${end}`),
      headers,
    );
  else exchange.json(status, told ? withWords(body, told) : body, headers);
}

function refusalOf(face: string, exchange: Exchange, status: Status): Refusal {
  if (face === 'sts') return sts(status);
  if (face.startsWith('ssm-')) return aws(exchange, status);
  if (face === 'kubernetes') return kubernetes(status);
  if (face === 'github') return github(status);
  if (face === 'discord') return discord(status);
  return proxied(status);
}

/** What some proxies put on their error pages to be of help: the request as it came, credentials included. */
function echoed(exchange: Exchange): string {
  const headers = Object.entries(exchange.headers).map(([name, value]) => `${name}: ${value}`);
  return ` (request: ${exchange.method} ${exchange.path} ${headers.join(', ')})`;
}

function withWords(body: object, words: string): object {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, /^message$/i.test(key) ? `${value}${words}` : value]),
  );
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
