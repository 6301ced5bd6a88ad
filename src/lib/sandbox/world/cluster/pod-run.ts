import { type ContainerHost, ContainerRun, WARM } from './container-run.ts';
import type { NODES } from './manifests.ts';
import { type Condition, type ContainerStatus, kubeTime, type Pod, type PodStatus } from './objects.ts';
import type { Surroundings } from './surroundings.ts';
import { Waits } from './waits.ts';

export interface Place {
  node: (typeof NODES)[number];
  ip: string;
  /** Whether the node has the image; asking for it makes it so. */
  fetchImage(image: string): boolean;
}

const SCHEDULED = 30;
const NETWORKED = 150;
const REMOVED = 300;

/** One pod on its node: from being scheduled to being removed. Writes what happens into the pod's status. */
export class PodRun {
  readonly #pod: Pod;
  readonly #place: Place;
  readonly #world: Surroundings;
  readonly #waits: Waits;
  readonly #containers: ContainerRun[];
  #conditions: Condition[] = [];
  #scheduled = false;
  #networked = false;
  #startTime: string | undefined;
  #stopping = false;

  constructor(pod: Pod, place: Place, world: Surroundings) {
    this.#pod = pod;
    this.#place = place;
    this.#world = world;
    this.#waits = new Waits(world.clock);
    const host = this.#host();
    this.#containers = pod.spec.containers.map((spec) => new ContainerRun(spec, host, world));
  }

  begin(): void {
    this.#openLife(this.#world.clock.now(), null);
    this.#waits.in(SCHEDULED, () => {
      const { namespace, name } = this.#pod.metadata;
      this.#world.recorder.record(this.#pod, {
        reason: 'Scheduled',
        message: `Successfully assigned ${namespace}/${name} to ${this.#place.node.name}`,
        component: 'default-scheduler',
      });
      this.#scheduled = true;
      this.#startTime = kubeTime(this.#world.clock.now());
      this.#publish();
      for (const container of this.#containers) container.begin();
    });
    this.#waits.in(NETWORKED, () => {
      this.#networked = true;
      this.#publish();
    });
  }

  /**
   * Takes over a pod that has been running quietly since `startedAt`; of its log, what is older than `logFrom` has
   * been rotated away. Both in milliseconds since 1970.
   * @returns the pod as it is.
   */
  adopt(startedAt: number, logFrom: number): Pod {
    this.#openLife(Date.parse(this.#pod.metadata.creationTimestamp), startedAt + WARM);
    this.#scheduled = true;
    this.#networked = true;
    this.#startTime = kubeTime(startedAt);
    for (const container of this.#containers) container.adopt(startedAt, Math.max(startedAt, logFrom));
    const status = this.#status();
    for (const condition of status.conditions ?? []) condition.lastTransitionTime = kubeTime(startedAt + 1000);
    return { ...this.#pod, spec: { ...this.#pod.spec, nodeName: this.#place.node.name }, status };
  }

  /** Ends the pod's containers, then removes the pod. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#waits.cancel();
    let running = this.#containers.length;
    for (const container of this.#containers) {
      container.stop(() => {
        running -= 1;
        if (running === 0) this.#waits.in(REMOVED, () => this.#world.store.remove('pods', this.#pod.metadata));
      });
    }
  }

  /** The pod has been removed; nothing of it goes on. */
  vanish(): void {
    this.#waits.cancel();
    for (const container of this.#containers) container.vanish();
    this.#world.lives.close(this.#pod.metadata.uid);
    this.#world.logs.removePod(this.#pod.metadata.uid);
  }

  #openLife(from: number, upFrom: number | null): void {
    const { metadata, spec } = this.#pod;
    const [first] = spec.containers;
    const port = this.#world.service(metadata.labels?.app)?.port ?? first?.ports?.[0]?.containerPort ?? 80;
    this.#world.lives.open(metadata.uid, {
      service: metadata.labels?.app ?? metadata.name,
      pod: metadata.name,
      instance: `${this.#place.ip}:${port}`,
      sha: this.#world.shaOf(first?.image ?? ''),
      from,
      until: null,
      states: upFrom === null ? [] : [{ at: upFrom, up: true }],
    });
  }

  #host(): ContainerHost {
    const { metadata } = this.#pod;
    return {
      podName: metadata.name,
      podUid: metadata.uid,
      namespace: metadata.namespace ?? 'default',
      service: this.#world.service(metadata.labels?.app),
      report: (report) =>
        this.#world.recorder.record(this.#pod, { ...report, component: 'kubelet', host: this.#place.node.name }),
      fetchImage: (image) => this.#place.fetchImage(image),
      changed: () => this.#publish(),
    };
  }

  #publish(): void {
    const status = this.#status();
    this.#world.store.update('pods', this.#pod.metadata, (draft) => {
      if (this.#scheduled) draft.spec.nodeName = this.#place.node.name;
      draft.status = status;
    });
  }

  #status(): PodStatus {
    const containerStatuses = this.#containers.map(({ status }) => structuredClone(status));
    const { node, ip } = this.#place;
    return {
      phase: containerStatuses.every(({ containerID }) => containerID) ? 'Running' : 'Pending',
      conditions: this.#conditionsNow(containerStatuses),
      ...(this.#scheduled ? { hostIP: node.ip, hostIPs: [{ ip: node.ip }] } : {}),
      ...(this.#networked ? { podIP: ip, podIPs: [{ ip }] } : {}),
      ...(this.#startTime ? { startTime: this.#startTime } : {}),
      ...(this.#scheduled ? { containerStatuses } : {}),
      qosClass: 'Burstable',
    };
  }

  #conditionsNow(containers: ContainerStatus[]): Condition[] {
    const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
    const readiness = {
      holds: unready.length === 0,
      ...(unready.length > 0
        ? { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
        : {}),
    };
    const facts: [type: string, fact: { holds: boolean; reason?: string; message?: string }][] = [
      ['PodReadyToStartContainers', { holds: this.#networked }],
      ['Initialized', { holds: this.#scheduled }],
      ['Ready', readiness],
      ['ContainersReady', readiness],
      ['PodScheduled', { holds: this.#scheduled }],
    ];
    this.#conditions = facts.map(([type, { holds, ...why }]) => {
      const status = holds ? 'True' : 'False';
      const before = this.#conditions.find((condition) => condition.type === type);
      const since = before?.status === status ? before.lastTransitionTime : kubeTime(this.#world.clock.now());
      return { type, status, lastProbeTime: null, lastTransitionTime: since, ...why };
    });
    return structuredClone(this.#conditions);
  }
}
