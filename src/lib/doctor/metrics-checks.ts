import type { Alertmanager } from '../clients/alertmanager/alertmanager.ts';
import type { AlertRule, Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { formatDuration } from '../text/time.ts';
import {
  dependent,
  examine,
  type Finding,
  type Flaw,
  failed,
  flawOf,
  ok,
  type Seen,
  skipped,
  summed,
  warning,
} from './check.ts';

export interface MetricsQuestions {
  /** Null where it is not configured. */
  prometheus: () => Promise<Prometheus> | null;
  alertmanager: () => Promise<Alertmanager> | null;
  services: readonly Service[];
  /** Milliseconds since 1970. */
  now: () => number;
}

const TITLES = {
  prometheus: 'Prometheus',
  queries: 'Named queries',
  rules: 'Alert rules',
  delivery: 'Alert delivery',
  clock: 'Clock',
  alertmanager: 'Alertmanager',
};

/** AWS refuses signatures that are five minutes off. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html */
const CLOCK_BREAKS = 5 * 60_000;
const CLOCK_MISLEADS = 10_000;

/** Whether Prometheus and Alertmanager answer, and know what the services need. */
export async function metricsChecks(questions: MetricsQuestions): Promise<Finding[]> {
  const [aboutPrometheus, aboutAlertmanager] = await Promise.all([
    prometheusChecks(questions),
    examine(TITLES.alertmanager, async () => {
      const client = questions.alertmanager();
      if (!client) return skipped('`alertmanager.url` is not set, so silences are not shown', 'oncall config show');
      return ok(`version ${await (await client).version()}`);
    }),
  ]);
  return [...aboutPrometheus, aboutAlertmanager];
}

async function prometheusChecks({ prometheus, services, now }: MetricsQuestions): Promise<Finding[]> {
  const { queries, rules, delivery, clock } = TITLES;
  const there = await examine(TITLES.prometheus, async () => {
    const client = prometheus();
    if (!client)
      return skipped('`prometheus.url` is not set, so there are no graphs and no impact', 'oncall config show');
    return ok(`version ${await (await client).version()}`);
  });
  const client = there.outcome === 'ok' ? await prometheus() : null;
  if (!client) return [there, ...[queries, rules, delivery, clock].map((title) => dependent(title, there))];
  return [
    there,
    ...(await Promise.all([
      examine(queries, () => evaluates(client, services)),
      examine(rules, async () => watched(await client.alertRules(), services)),
      examine(delivery, async () => delivered(await client.alertmanagers())),
      examine(clock, () => clockIsRight(client, now)),
    ])),
  ];
}

async function evaluates(prometheus: Prometheus, services: readonly Service[]): Promise<Seen> {
  const queries = services.flatMap((service) =>
    service.queries.map(({ name, expr }) => ({ name: `${service.name} ${name}`, expr })),
  );
  if (queries.length === 0) {
    return warning(
      'none is named, so graphs know no health of a service',
      'Add `queries:` to each service in oncall.yaml.',
    );
  }
  const empty: string[] = [];
  const flaws = await Promise.all(
    queries.map(({ name, expr }) =>
      flawOf(name, async () => {
        const { series } = await prometheus.query(expr);
        if (series.length === 0) empty.push(name);
        return null;
      }),
    ),
  );
  const silent = empty.length > 0 ? `; without data now: ${empty.join(', ')}` : '';
  return summed(
    flaws.flatMap((flaw) => flaw ?? []),
    `${queries.length} evaluate${silent}`,
  );
}

/** Whether an alert tells that a service is down, and not only that it is slow: it looks at `up`, or for absence. */
function watched(rules: readonly AlertRule[], services: readonly Service[]): Seen {
  const names = services.map(({ name }) => name);
  const down = rules.filter(({ expr }) => /\bup\b|\babsent(_over_time)?\(/.test(expr));
  const flaws: Flaw[] = names
    .filter((name) => !down.some((rule) => isAbout(rule, name, names)))
    .map((subject) => ({
      subject,
      words: 'no alert rule tells that it is down',
      remedy: `Add one to Prometheus: sum(up{app="${subject}"}) == 0 or absent(up{app="${subject}"})`,
      code: null,
    }));
  const broken: Flaw[] = rules.flatMap(({ name, lastError }) =>
    lastError
      ? [
          {
            subject: name,
            words: `the rule cannot be evaluated: ${lastError}`,
            remedy: 'Correct the rule in Prometheus.',
            code: null,
          },
        ]
      : [],
  );
  return summed([...broken, ...flaws], `${rules.length} rules; each service has one that tells when it is down`);
}

/** Rules that fire into nothing look well from everywhere else. */
function delivered(alertmanagers: readonly string[]): Seen {
  if (alertmanagers.length > 0) return ok(`to ${alertmanagers.map((url) => new URL(url).host).join(', ')}`);
  return failed(
    'Prometheus sends its alerts to no Alertmanager: nobody would be paged',
    'Name it under `alerting.alertmanagers` in prometheus.yml, and load that: `curl -X POST ADDRESS-OF-PROMETHEUS/-/reload`.',
  );
}

/** A rule names the service in a label or in its expression; one that names no service at all watches every one. */
function isAbout({ labels, expr }: AlertRule, service: string, all: readonly string[]): boolean {
  const names = (name: string) => Object.values(labels).includes(name) || expr.includes(`"${name}"`);
  return names(service) || !all.some(names);
}

/** The time of the answer is the server's own. */
export async function clockIsRight(prometheus: Prometheus, now: () => number): Promise<Seen> {
  const asked = now();
  const { series } = await prometheus.query('time()');
  const answered = now();
  const theirs = series[0]?.sample.value;
  if (theirs === undefined || !Number.isFinite(theirs)) return skipped('no server tells its time');
  const at = theirs * 1000;
  const off = at < asked ? at - asked : at > answered ? at - answered : 0;
  if (Math.abs(off) < CLOCK_MISLEADS) return ok('as the servers have it');
  const found = `${formatDuration(off)} ${off > 0 ? 'behind' : 'ahead of'} Prometheus's`;
  const remedy = 'sudo timedatectl set-ntp true';
  return Math.abs(off) < CLOCK_BREAKS ? warning(found, remedy) : failed(`${found}: AWS refuses to sign in`, remedy);
}
