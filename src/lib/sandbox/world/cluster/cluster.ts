import type { ServiceSpec } from '../catalog.ts';
import type { WorldClock } from '../clock.ts';
import type { PodLife } from '../pod-life.ts';
import type { Random } from '../random.ts';
import { DeploymentController } from './deployment-controller.ts';
import { EndpointsController } from './endpoints-controller.ts';
import { EventRecorder } from './event-recorder.ts';
import { furnish } from './furniture.ts';
import { type PastRelease, writeHistory } from './history.ts';
import { Kubelet } from './kubelet.ts';
import { LifeBook } from './life-book.ts';
import { LogShelf } from './log-shelf.ts';
import {
  changeCause,
  deploymentOf,
  imageOf,
  NAMESPACES,
  NODES,
  namespaceObject,
  nodeObject,
  type Release,
  serviceObject,
} from './manifests.ts';
import { type Change, ObjectStore } from './object-store.ts';
import { CHANGE_CAUSE_ANNOTATION, type Deployment, VERSION_LABEL } from './objects.ts';
import { ReplicaSetController } from './replicaset-controller.ts';
import type { ImageBehaviour, Surroundings } from './surroundings.ts';
import type { UsageSource } from './usage.ts';

export interface ClusterOptions {
  clock: WorldClock;
  random: Random;
  services: readonly ServiceSpec[];
  /** What an image does once it runs. Asked whenever a container is about to start. */
  behaviourOf(image: string): ImageBehaviour;
  /** How many writes a watch can be resumed over; 1000 unless told. */
  keptChanges?: number;
}

const DAY = 86_400_000;
/** The cluster is older than anything in it. */
const AGE = 190 * DAY;

/**
 * The practice cluster: objects, and the controllers that act on them as the real ones do. Whoever changes an object,
 * by `deploy` or through the API, gets what the change leads to; there is no other way to make a pod come or go.
 */
export class Cluster {
  readonly clock: WorldClock;
  readonly store: ObjectStore;
  readonly logs = new LogShelf();
  /** What a metrics-server says; null where there is none. */
  usage: UsageSource | null = null;
  readonly #world: Surroundings;
  readonly #kubelet: Kubelet;
  readonly #services: readonly ServiceSpec[];
  readonly #shas = new Map<string, string>();
  readonly #past = new Map<string, PastRelease[]>();
  #settled = false;

  constructor(options: ClusterOptions) {
    const { clock, random } = options;
    this.clock = clock;
    this.#services = options.services;
    this.store = new ObjectStore({
      firstVersion: random.between(40_000_000, 60_000_000),
      ...(options.keptChanges === undefined ? {} : { keep: options.keptChanges }),
    });
    this.#world = {
      store: this.store,
      clock,
      random,
      recorder: new EventRecorder({ store: this.store, clock, random }),
      lives: new LifeBook(clock),
      logs: this.logs,
      behaviourOf: (image) => options.behaviourOf(image),
      service: (name) => options.services.find((service) => service.name === name),
      shaOf: (image) => this.#shas.get(image) ?? image.slice(image.lastIndexOf(':') + 1),
    };
    this.#kubelet = new Kubelet(this.#world);
  }

  /** Says that `by` deployed a commit at `at` (milliseconds since 1970). Takes effect with `settle`. */
  seedRevision(service: string, sha: string, release: { by: string; at: number }): void {
    this.#shas.set(imageOf(service, sha), sha);
    this.#past.set(service, [...(this.#past.get(service) ?? []), { sha, ...release }]);
  }

  /** Writes the seeded past and sets the controllers to work. */
  settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    const { random, clock } = this.#world;
    const now = clock.now();
    const at = now - AGE;
    for (const name of NAMESPACES) this.store.create('namespaces', namespaceObject(name, at, random));
    for (const node of NODES) this.store.create('nodes', nodeObject(node, { at, now, random }));
    this.#services.forEach((service, i) => {
      this.store.create('services', serviceObject(service, { at, random, clusterIP: `172.20.14.${20 + i * 7}` }));
      writeHistory(service, this.#past.get(service.name) ?? [], { world: this.#world, kubelet: this.#kubelet });
    });
    furnish(this.store, {
      ...{ namespaces: NAMESPACES, services: this.#services, at },
      random: random.fork('furniture'),
    });
    const endpoints = new EndpointsController(this.#world);
    for (const service of this.store.list('services')) endpoints.reconcile(service);
    const parts = [
      new DeploymentController(this.#world),
      new ReplicaSetController(this.#world),
      this.#kubelet,
      endpoints,
    ];
    this.store.subscribe((change) => {
      for (const part of parts) part.observe(change);
    });
    // What the real controllers do when they start: look at everything once.
    for (const deployment of this.store.list('deployments')) {
      const first: Change = {
        type: 'ADDED',
        resource: 'deployments',
        object: deployment,
        previous: undefined,
        version: this.store.version,
      };
      for (const part of parts) part.observe(first);
    }
  }

  /** What a deploy workflow does at its end: sets the new image and says who did it and why. */
  deploy(service: string, sha: string, by: string): void {
    this.settle();
    const release: Release = { sha, by };
    const spec = this.#world.service(service);
    if (!spec) throw new Error(`no such service: ${service}`);
    this.#shas.set(imageOf(service, sha), sha);
    const key = { namespace: spec.namespace, name: service };
    if (!this.store.get('deployments', key)) {
      const facts = { at: this.clock.now(), random: this.#world.random, generation: 1 };
      this.store.create('deployments', deploymentOf(spec, release, facts));
      return;
    }
    this.store.update('deployments', key, (draft) => setRelease(draft, service, release));
  }

  /** Every pod that the service has had, oldest first, as the monitoring sees it. */
  podLives(service: string): PodLife[] {
    return this.#world.lives.of(service);
  }

  /** Calls `listener` after every change of any object, until the returned function is called. */
  onChange(listener: (change: Change) => void): () => void {
    return this.store.subscribe(listener);
  }
}

function setRelease(deployment: Deployment, service: string, release: Release): void {
  const { metadata, spec } = deployment;
  metadata.labels = { ...metadata.labels, [VERSION_LABEL]: release.sha };
  metadata.annotations = { ...metadata.annotations, [CHANGE_CAUSE_ANNOTATION]: changeCause(release) };
  spec.template.metadata.labels = { ...spec.template.metadata.labels, [VERSION_LABEL]: release.sha };
  const container = spec.template.spec.containers.find(({ name }) => name === service);
  if (container) container.image = imageOf(service, release.sha);
}
