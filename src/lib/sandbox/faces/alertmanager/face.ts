import type { Exchange } from '../../exchange.ts';
import { type Face, faceByPath, type Operation } from '../../face.ts';
import { RegularExpressionError } from '../../promql/regular-expression.ts';
import type { Alertmanager } from '../../world/alerting/alertmanager.ts';
import { parseFilter, SilenceProblem } from '../../world/alerting/silence-matcher.ts';
import type { Silence, Silences } from '../../world/alerting/silences.ts';
import type { WorldClock } from '../../world/clock.ts';
import { alertsBody } from './alerts-body.ts';
import { alertView, groupsView, selectedAlerts, silenceFits } from './alerts-view.ts';
import { CONFIG } from './config-text.ts';
import { RequestRefused } from './go-json.ts';
import { silenceBody } from './silence-body.ts';

/** The release whose behaviour the face follows: the one that Debian 12 ships. */
export const ALERTMANAGER_VERSION = '0.25.0';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface AlertmanagerWorld {
  clock: WorldClock;
  alertmanager: Alertmanager;
}

/** Alertmanager's API v2. https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml */
export function alertmanagerFace({ clock, alertmanager }: AlertmanagerWorld): Face {
  const { silences } = alertmanager;
  const startedAt = clock.now();
  const operations: Operation[] = [
    get('/api/v2/status', () => status(startedAt)),
    get('/api/v2/receivers', () => [{ name: 'sns' }, { name: 'watchdog' }]),
    get('/api/v2/alerts', ({ query }) => selectedAlerts(alertmanager, query).map((one) => alertView(one, clock.now()))),
    get('/api/v2/alerts/groups', ({ query }) => groupsView(selectedAlerts(alertmanager, query), clock.now())),
    get('/api/v2/silences', ({ query }) => listSilences(silences, query)),
    operation('POST', '/api/v2/silences', (exchange) => ({ silenceID: silences.put(silenceBody(exchange)) })),
    operation('GET', '/api/v2/silence/:id', (_, { id = '' }) => {
      const silence = silences.get(uuid(id));
      return silence ? silenceView(silences, silence) : NOT_FOUND;
    }),
    operation('DELETE', '/api/v2/silence/:id', (_, { id = '' }) => expire(silences, uuid(id))),
    operation('POST', '/api/v2/alerts', (exchange) => {
      const problems = alertmanager.report(alertsBody(exchange));
      return problems.length > 0 ? new Answer(400, problems.join('; ')) : new Answer(200);
    }),
    plain('/-/healthy'),
    plain('/-/ready'),
  ];
  return faceByPath('alertmanager', operations, unknown);
}

type Compute = (exchange: Exchange, params: Readonly<Record<string, string>>) => unknown;

/** Answers that have a status of their own. */
class Answer {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body?: unknown) {
    this.status = status;
    this.body = body;
  }
}

const NOT_FOUND = new Answer(404);

function get(path: string, compute: Compute): Operation {
  return operation('GET', path, compute);
}

function operation(method: string, path: string, compute: Compute): Operation {
  return {
    name: `${method} ${path}`,
    method,
    path,
    run: (exchange, params) => answer(exchange, () => compute(exchange, params)),
  };
}

function plain(path: string): Operation {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { name: `GET ${path}`, method: 'GET', path, run: (exchange) => exchange.text(200, 'OK', headers) };
}

function answer(exchange: Exchange, compute: () => unknown): void {
  let result: unknown;
  try {
    result = compute();
  } catch (error) {
    result = failure(error);
  }
  const { status: code, body } = result instanceof Answer ? result : new Answer(200, result);
  if (body === undefined) exchange.text(code, '');
  else exchange.text(code, `${JSON.stringify(body)}\n`, { 'content-type': 'application/json' });
}

/** What its parser refuses comes as an object, what Alertmanager itself refuses as one string. */
function failure(error: unknown): Answer {
  if (error instanceof RequestRefused) return new Answer(error.status, { code: error.code, message: error.message });
  if (error instanceof SilenceProblem) return new Answer(error.kind === 'missing' ? 404 : 400, error.message);
  if (error instanceof RegularExpressionError)
    return new Answer(400, `failed to parse receiver param: ${error.message}`);
  throw error;
}

function uuid(id: string): string {
  if (UUID.test(id)) return id;
  throw new RequestRefused(422, 601, `silenceID in path must be of type uuid: "${id}"`);
}

function status(startedAt: number): unknown {
  return {
    cluster: { peers: [], status: 'disabled' },
    config: { original: CONFIG },
    uptime: new Date(startedAt).toISOString(),
    versionInfo: {
      branch: '',
      buildDate: '',
      buildUser: '',
      goVersion: '',
      revision: 'sandbox',
      version: ALERTMANAGER_VERSION,
    },
  };
}

function listSilences(silences: Silences, query: URLSearchParams): unknown {
  const filters = query.getAll('filter').map(parseFilter);
  return silences
    .list()
    .filter(({ matchers }) => silenceFits(matchers, filters))
    .map((silence) => silenceView(silences, silence));
}

function silenceView(silences: Silences, silence: Silence): unknown {
  return {
    id: silence.id,
    status: { state: silences.stateOf(silence) },
    updatedAt: new Date(silence.updatedAt).toISOString(),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: new Date(silence.endsAt).toISOString(),
    matchers: silence.matchers.map(({ isEqual, isRegex, name, value }) => ({ isEqual, isRegex, name, value })),
    startsAt: new Date(silence.startsAt).toISOString(),
  };
}

/** Version 0.25 answers 500, not 404, when the silence to end is unknown. */
function expire(silences: Silences, id: string): Answer {
  if (!silences.get(id)) return new Answer(500, 'silence not found');
  silences.expire(id);
  return new Answer(200);
}

function unknown(exchange: Exchange, allowed: string[]): void {
  const methods = [...allowed].sort().join(',');
  const [code, message] =
    allowed.length === 0
      ? [404, `path ${exchange.path} was not found`]
      : [405, `method ${exchange.method} is not allowed, but [${methods}] are`];
  exchange.text(code as number, JSON.stringify({ code, message }), {
    'content-type': 'application/json',
    ...(allowed.length > 0 && { allow: methods }),
  });
}
