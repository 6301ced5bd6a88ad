import { OncallError } from '../../errors.ts';
import type { AlertDetail, AlertEvent } from './alert-event.ts';
import { Alerting } from './alerting/alerting.ts';
import { Alertmanager } from './alerting/alertmanager.ts';
import { ruleGroups } from './alerting/rules.ts';
import { Silences } from './alerting/silences.ts';
import {
  AWS_ACCOUNT,
  AWS_REGION,
  ordinaryHistory,
  PEOPLE,
  type RevisionSpec,
  responsePlanName,
  SERVICES,
} from './catalog.ts';
import { WorldClock } from './clock.ts';
import { Cluster } from './cluster/cluster.ts';
import type { ImageBehaviour } from './cluster/surroundings.ts';
import { Discord } from './discord/discord.ts';
import { IncidentManager } from './incident-manager/incident-manager.ts';
import { seedPeople } from './incident-manager/seed.ts';
import { Metrics } from './metrics/metrics.ts';
import { usageFrom } from './metrics/usage.ts';
import { Random } from './random.ts';
import { Repositories } from './repositories/repositories.ts';
import { SCENARIOS, type Scenario } from './scenario.ts';

export interface WorldOptions {
  scenario: string;
  speed: number;
  seed: number;
  /** Replaces the wall clock, in tests. */
  wall?: () => number;
}

/**
 * From Prometheus's decision to the phone's operator, all hops together: Alertmanager's group_wait, SNS, the function,
 * the queue, the pipe and the bus. Milliseconds of life.
 */
const PIPELINE_DELAY = 3_000;

/**
 * The practice world: one state, one clock. Each part knows only the neighbours it has in life, and here they are
 * introduced to each other.
 */
export class World {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly cluster: Cluster;
  readonly repositories: Repositories;
  readonly incidentManager: IncidentManager;
  readonly metrics: Metrics;
  readonly alerting: Alerting;
  readonly alertmanager: Alertmanager;
  readonly discord: Discord;
  readonly scenario: Scenario;
  /** Where Prometheus believes that people reach it; set once its port is known. */
  prometheusUrl = 'http://prometheus.dolthub.test';

  /** @throws NOT_FOUND when there is no such scenario */
  constructor(options: WorldOptions) {
    this.scenario = scenarioNamed(options.scenario);
    const { begunAgo } = this.scenario;
    this.clock = new WorldClock({
      speed: options.speed,
      behind: begunAgo,
      ...(options.wall ? { wall: options.wall } : {}),
    });
    this.random = new Random(options.seed);
    const revisions = ordinaryHistory();
    const shared = { clock: this.clock, services: SERVICES };
    this.cluster = new Cluster({
      ...shared,
      random: this.random.fork('cluster'),
      behaviourOf: (image) => this.#behaviourOf(image),
    });
    this.repositories = new Repositories({
      ...shared,
      random: this.random.fork('repositories'),
      people: PEOPLE,
      revisions,
      deploy: (service, sha, actor) => this.cluster.deploy(service, sha, actor),
      isServing: (service, sha) => this.#isServing(service, sha),
    });
    this.incidentManager = new IncidentManager({
      clock: this.clock,
      random: this.random.fork('incident manager'),
      account: AWS_ACCOUNT,
      region: AWS_REGION,
    });
    this.metrics = new Metrics({
      ...shared,
      random: this.random.fork('metrics'),
      lives: (service) => this.cluster.podLives(service),
    });
    this.cluster.usage = usageFrom(this.metrics);
    this.alerting = new Alerting({
      clock: this.clock,
      metrics: this.metrics,
      groups: ruleGroups(SERVICES),
      externalUrl: () => this.prometheusUrl,
    });
    this.alertmanager = new Alertmanager({
      clock: this.clock,
      alerting: this.alerting,
      silences: new Silences({ clock: this.clock, random: this.random }),
    });
    this.discord = new Discord({ clock: this.clock });
    this.#seed(revisions);
    this.alertmanager.onNotification((alert, receiver) => {
      if (receiver === 'sns') this.#carry(alert);
    });
    this.scenario.begin(this);
    this.clock.catchUp();
  }

  /** Begins another scenario now. @throws NOT_FOUND */
  play(name: string): void {
    scenarioNamed(name).begin(this);
  }

  /** Ends every wait, so that the process can end. */
  stop(): void {
    this.clock.stop();
  }

  #seed(revisions: readonly RevisionSpec[]): void {
    const now = this.clock.now();
    for (const spec of revisions) {
      const commit = this.repositories.of(spec.service).history.main.find((one) => one.spec === spec);
      if (commit && spec.deployedAgo !== null)
        this.cluster.seedRevision(spec.service, commit.sha, { by: spec.author, at: now - spec.deployedAgo });
    }
    this.cluster.settle();
    seedPeople(this.incidentManager);
  }

  #behaviourOf(image: string): ImageBehaviour {
    const [, service = '', tag = ''] = /\/([^/:]+):([^:]+)$/.exec(image) ?? [];
    return this.repositories.revisionOf(service, tag)?.spec.behaviour ?? 'missing-image';
  }

  /** What `kubectl rollout status` in the workflow waits for: the new pods count as available, however briefly. */
  #isServing(service: string, sha: string): boolean {
    const namespace = SERVICES.find(({ name }) => name === service)?.namespace ?? '';
    const deployment = this.cluster.store.get('deployments', { namespace, name: service });
    const { replicas = 0 } = deployment?.spec ?? {};
    const { updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = deployment?.status ?? {};
    const current = observedGeneration >= (deployment?.metadata.generation ?? 0);
    const image = deployment?.spec.template.spec.containers[0]?.image ?? '';
    return (
      current && image.endsWith(`:${sha.slice(0, 7)}`) && updatedReplicas >= replicas && availableReplicas >= replicas
    );
  }

  /** What the pipeline does with an alert: a firing one starts the incident of its response plan, a resolved one nothing. */
  #carry(alert: AlertDetail): void {
    const { service, alertname } = alert.labels;
    if (alert.status !== 'firing' || !service || !alertname) return;
    this.clock.after(PIPELINE_DELAY, () => {
      const plan = `arn:aws:ssm-incidents::${AWS_ACCOUNT}:response-plan/${responsePlanName(service, alertname)}`;
      // An alert that a stock client reports may be one that no rule of the bus knows.
      if (!this.incidentManager.plans.has(plan)) return;
      this.incidentManager.startFromEvent(plan, this.#event(alert));
    });
  }

  #event(detail: AlertDetail): AlertEvent {
    return {
      version: '0',
      id: this.random.uuid(),
      'detail-type': 'Alert',
      source: 'oncall.alertmanager',
      account: AWS_ACCOUNT,
      time: new Date(this.clock.now()).toISOString(),
      region: AWS_REGION,
      resources: [],
      detail,
    };
  }
}

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new OncallError(`There is no scenario "${name}".`, {
    code: 'NOT_FOUND',
    hint: `Choose one of: ${SCENARIOS.map((scenario) => scenario.name).join(', ')}.`,
  });
}
