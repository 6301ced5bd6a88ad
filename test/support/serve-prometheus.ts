import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Exchange } from '../../src/lib/sandbox/exchange.ts';
import { alertmanagerFace } from '../../src/lib/sandbox/faces/alertmanager/face.ts';
import { prometheusFace } from '../../src/lib/sandbox/faces/prometheus/face.ts';
import { Alerting } from '../../src/lib/sandbox/world/alerting/alerting.ts';
import { Alertmanager } from '../../src/lib/sandbox/world/alerting/alertmanager.ts';
import { ruleGroups } from '../../src/lib/sandbox/world/alerting/rules.ts';
import { Silences } from '../../src/lib/sandbox/world/alerting/silences.ts';
import { SERVICES, type ServiceSpec } from '../../src/lib/sandbox/world/catalog.ts';
import { WorldClock } from '../../src/lib/sandbox/world/clock.ts';
import { Metrics } from '../../src/lib/sandbox/world/metrics/metrics.ts';
import type { PodLife } from '../../src/lib/sandbox/world/pod-life.ts';
import { Random } from '../../src/lib/sandbox/world/random.ts';

const DAY = 86_400_000;
/** A Wednesday evening in UTC, when the customers are awake. */
export const BEGIN = Date.UTC(2026, 2, 4, 18, 0, 0);
/** The world reads its alerts' links from here, whatever port the test got. */
export const EXTERNAL_URL = 'http://prometheus.test:9090';

/** The pods of the world as the monitoring sees them, moved by hand. */
export class Pods {
  readonly #lives = new Map<string, PodLife[]>();
  readonly #now: () => number;
  #address = 0;

  constructor(now: () => number) {
    this.#now = now;
    for (const { name, replicas } of SERVICES) {
      for (let i = 0; i < replicas; i++) this.create(name, { at: now() - 20 * DAY, up: true });
    }
  }

  of(service: string): readonly PodLife[] {
    return this.#lives.get(service) ?? [];
  }

  /** Adds a pod; it does not answer until told to. */
  create(service: string, { at = this.#now(), up = false }: { at?: number; up?: boolean } = {}): PodLife {
    const number = ++this.#address;
    const life: PodLife = {
      service,
      pod: `${service}-5d9c7b8f6-${String(number).padStart(5, '0')}`,
      instance: `10.2.0.${number}:8080`,
      sha: 'a'.repeat(40),
      from: at,
      until: null,
      states: up ? [{ at, up: true }] : [],
    };
    this.#lives.set(service, [...this.of(service), life]);
    return life;
  }

  /** Makes the existing pods of a service answer, or not; `count` of them when given. */
  mark(service: string, up: boolean, count = Number.POSITIVE_INFINITY): void {
    const living = this.of(service).filter(({ until }) => until === null);
    for (const life of living.slice(0, count)) life.states.push({ at: this.#now(), up });
  }

  /** Removes every pod of a service. */
  remove(service: string): void {
    this.mark(service, false);
    for (const life of this.of(service)) life.until ??= this.#now();
  }
}

export interface ServedPrometheus {
  clock: WorldClock;
  metrics: Metrics;
  alerting: Alerting;
  alertmanager: Alertmanager;
  pods: Pods;
  /** `http://127.0.0.1:PORT`: Prometheus, and Alertmanager under `/alertmanager`. */
  baseUrl: string;
  /** The wall clock, in milliseconds since 1970. */
  now(): number;
  /** Lets real time pass, second by second, without waiting for it. */
  lapse(ms: number): void;
  /** Asks Prometheus; gives the status and the body. */
  ask(path: string, parameters?: Record<string, string>): Promise<{ status: number; body: Envelope }>;
  /** The vector that an instant query gives now, as `{labels}` → value. */
  instant(query: string, atMs?: number): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Prometheus's envelope. */
export interface Envelope {
  status: string;
  errorType?: string;
  error?: string;
  data: {
    resultType: string;
    result: { metric: Record<string, string>; value: [number, string]; values: [number, string][] }[];
  };
}

/** A world that is watched, on a wall clock that only the test moves. */
export async function servePrometheus(
  options: { speed?: number; seed?: number; services?: readonly ServiceSpec[] } = {},
): Promise<ServedPrometheus> {
  const services = options.services ?? SERVICES;
  let wall = BEGIN;
  const now = () => wall;
  const clock = new WorldClock({ wall: now, speed: options.speed ?? 1 });
  const random = new Random(options.seed ?? 1);
  const pods = new Pods(now);
  const metrics = new Metrics({ clock, random, services, lives: (service) => pods.of(service) });
  const groups = ruleGroups(services);
  const alerting = new Alerting({ clock, metrics, groups, externalUrl: () => EXTERNAL_URL });
  const alertmanager = new Alertmanager({ clock, alerting, silences: new Silences({ clock, random }) });
  const prometheus = prometheusFace({ clock, metrics, alerting, alertmanager: { connected: true } });
  const managed = alertmanagerFace({ clock, alertmanager });
  const server = createServer(async (request, response) => {
    const exchange = await Exchange.receive(request, response);
    const isManaged = exchange.path.startsWith('/alertmanager');
    exchange.path = exchange.path.replace(/^\/alertmanager/, '');
    await (isManaged ? managed : prometheus).answer(exchange);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask: ServedPrometheus['ask'] = async (path, parameters = {}) => {
    const answer = await fetch(`${baseUrl}${path}?${new URLSearchParams(parameters)}`);
    return { status: answer.status, body: (await answer.json()) as Envelope };
  };
  return {
    clock,
    metrics,
    alerting,
    alertmanager,
    pods,
    baseUrl,
    now,
    lapse(ms) {
      for (let passed = 0; passed < ms; passed += 1000) {
        wall += 1000;
        clock.advance(0);
      }
    },
    ask,
    async instant(query, atMs = wall) {
      const { body } = await ask('/api/v1/query', { query, time: String(atMs / 1000) });
      if (body.error) throw new Error(body.error);
      return Object.fromEntries(body.data.result.map(({ metric, value }) => [JSON.stringify(metric), value[1]]));
    },
    async stop() {
      clock.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
