import type { ServiceSpec } from '../catalog.ts';
import { chatterOf } from './chatter.ts';
import { ContainerLog } from './container-log.ts';
import type { Report } from './event-recorder.ts';
import { pullImage, tellPresent } from './image-pull.ts';
import { type ContainerSpec, type ContainerStatus, kubeTime, type TerminatedState } from './objects.ts';
import { crash, goodbyeLines, startLines, stopLines, warmLines } from './run-script.ts';
import type { Surroundings } from './surroundings.ts';
import { Waits } from './waits.ts';

/** Times of a container's life, in milliseconds of life after its image is there. */
const STARTED = 200;
const LISTENING = 900;
const CRASHED = 2300;
/** So long the first run of a revision that crashes once it is warm serves as if all were well. */
const CRASHED_WARM = 40_000;
/** From here on the metrics endpoint answers. */
export const WARM = 3000;
const DRAINED = 3000;
/** A dead container shows as terminated for so long before its restart is put off or done. */
const NOTICED = 1000;
const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 300_000;
/** A container that has run for so long starts again without a grudge. */
const FORGIVEN_AFTER = 600_000;

/** The pod around a container, as the container needs it. */
export interface ContainerHost {
  podName: string;
  podUid: string;
  namespace: string;
  service: ServiceSpec | undefined;
  report(report: Omit<Report, 'component' | 'host'>): void;
  /** Whether the node has the image; asking for it makes it so. */
  fetchImage(image: string): boolean;
  /** The container's status has changed. */
  changed(): void;
}

/** One container of one pod, through all its runs: pull, start, readiness, crash, back-off, restart, stop. */
export class ContainerRun {
  readonly status: ContainerStatus;
  readonly #spec: ContainerSpec;
  readonly #host: ContainerHost;
  readonly #world: Surroundings;
  readonly #waits: Waits;
  #log: ContainerLog | null = null;
  #crashes = 0;
  #startedAt = 0;

  constructor(spec: ContainerSpec, host: ContainerHost, world: Surroundings) {
    this.#spec = spec;
    this.#host = host;
    this.#world = world;
    this.#waits = new Waits(world.clock);
    this.status = {
      name: spec.name,
      image: spec.image,
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
    };
  }

  /** Fetches the image and runs it. */
  begin(): void {
    pullImage({
      image: this.#spec.image,
      world: this.#world,
      waits: this.#waits,
      tell: (reason, message, type) => this.#tell(reason, message, type),
      fetchImage: (image) => this.#host.fetchImage(image),
      waiting: (state) => {
        this.status.state = state;
        this.#host.changed();
      },
      coming: (inMs, arrived) => this.#plan(inMs, arrived),
    });
  }

  /** Takes over a container that has been running quietly since `startedAt`, in milliseconds since 1970. */
  adopt(startedAt: number, logFrom: number): void {
    this.#host.fetchImage(this.#spec.image);
    const log = this.#begin(startedAt);
    const service = this.#host.service;
    if (service && logFrom === startedAt) {
      log.write(startLines(service, this.#version, startedAt), startedAt);
      log.write(warmLines(service, startedAt + WARM), startedAt + WARM);
    }
    log.serve(Math.max(logFrom, startedAt + LISTENING));
    this.status.ready = true;
    this.status.started = true;
  }

  /** Ends the container as SIGTERM does, then calls `done`. */
  stop(done: () => void): void {
    this.cancel();
    if (!this.status.state.running) {
      this.#waits.in(NOTICED / 5, done);
      return;
    }
    this.#tell('Killing', `Stopping container ${this.#spec.name}`);
    const service = this.#host.service;
    if (service) this.#log?.write(stopLines(service, this.#world.clock.now()));
    this.#waits.in(DRAINED, () => {
      if (service) this.#log?.write(goodbyeLines(service, this.#world.clock.now()));
      this.#end({ exitCode: 0, reason: 'Completed' });
      done();
    });
  }

  /** Forgets everything that was still to happen. */
  cancel(): void {
    this.#waits.cancel();
  }

  /** Ends without a word, as a forced deletion does. */
  vanish(): void {
    this.cancel();
    this.#log?.end();
  }

  /**
   * Plans a whole run at once, counted from now. Containers that are created together therefore live through it in
   * step, however late the process wakes up for one of them: who is ready while whom crashes decides an outage.
   */
  #plan(imageThereIn: number, imageThere: () => void): void {
    const jitter = this.#world.random.between(0, 150);
    const at = (offset: number, act: () => void) => this.#waits.in(imageThereIn + jitter + offset, act);
    this.#waits.in(imageThereIn, imageThere);
    at(STARTED, () => this.#start());
    at(LISTENING, () => this.#listen());
    const behaviour = this.#world.behaviourOf(this.#spec.image);
    // Its first run writes a bad cache file, over which every later run falls at once: the volume outlives them.
    const servesFirst = behaviour === 'crash-when-warm' && !this.status.containerID;
    if (behaviour === 'steady' || servesFirst) at(WARM, () => this.#warm());
    if (behaviour !== 'steady') at(servesFirst ? CRASHED_WARM : CRASHED, () => this.#crash());
  }

  #start(): void {
    const now = this.#world.clock.now();
    if (this.status.containerID) {
      this.status.restartCount += 1;
      if (this.status.state.terminated) this.status.lastState = { terminated: this.status.state.terminated };
    }
    const log = this.#begin(now);
    if (this.#host.service) log.write(startLines(this.#host.service, this.#version, now));
    this.#tell('Created', `Created container: ${this.#spec.name}`);
    this.#tell('Started', `Started container ${this.#spec.name}`);
    this.#host.changed();
  }

  #begin(startedAt: number): ContainerLog {
    const { random, clock, logs, lives } = this.#world;
    const { service, podUid } = this.#host;
    const seed = random.between(0, 0x7fffffff);
    const wasUp = (name: string, at: number) => lives.wasUp(name, at);
    const log = new ContainerLog(clock, service ? chatterOf({ service, seed, wasUp }) : () => []);
    const containerID = `containerd://${random.hex(64)}`;
    logs.add({ podUid, container: this.#spec.name, containerID }, log);
    this.#log = log;
    this.#startedAt = clock.waited();
    this.status.containerID = containerID;
    this.status.imageID ||= `${this.#spec.image.replace(/:[^:/]*$/, '')}@sha256:${random.hex(64)}`;
    this.status.state = { running: { startedAt: kubeTime(startedAt) } };
    return log;
  }

  /** The port is open, and the readiness probe asks for no more than that. */
  #listen(): void {
    this.status.ready = true;
    this.status.started = true;
    this.#log?.serve();
    this.#host.changed();
  }

  /** The metrics endpoint is mounted last, once the cache has registered its collectors. */
  #warm(): void {
    if (this.#host.service) this.#log?.write(warmLines(this.#host.service, this.#world.clock.now()));
    this.#world.lives.mark(this.#host.podUid, true);
  }

  #crash(): void {
    const { service } = this.#host;
    const words = service ? crash(service, this.#crashes) : { lines: [], exitCode: 1 };
    this.#log?.write(words.lines);
    this.#tell('Unhealthy', 'Readiness probe failed: connect: connection refused', 'Warning');
    if (this.#world.clock.waited() - this.#startedAt > FORGIVEN_AFTER) this.#crashes = 0;
    this.#crashes += 1;
    this.#end({ exitCode: words.exitCode, reason: 'Error' });
    // The first crash is restarted at once; only from the second on does the kubelet wait.
    if (this.#crashes === 1) this.#plan(NOTICED, () => this.#tellPresent());
    else this.#waits.in(NOTICED, () => this.#backOff());
  }

  #backOff(): void {
    const wait = Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** (this.#crashes - 2));
    const { podName, podUid, namespace } = this.#host;
    const pod = `${podName}_${namespace}(${podUid})`;
    const { terminated } = this.status.state;
    if (terminated) this.status.lastState = { terminated };
    this.status.state = {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off ${spoken(wait)} restarting failed container=${this.#spec.name} pod=${pod}`,
      },
    };
    this.#tell('BackOff', `Back-off restarting failed container ${this.#spec.name} in pod ${pod}`, 'Warning');
    this.#plan(wait, () => this.#tellPresent());
    this.#host.changed();
  }

  #end(how: Pick<TerminatedState, 'exitCode' | 'reason'>): void {
    this.#log?.end();
    this.#world.lives.mark(this.#host.podUid, false);
    const startedAt = this.status.state.running?.startedAt ?? kubeTime(this.#world.clock.now());
    this.status.state = {
      terminated: {
        ...how,
        startedAt,
        finishedAt: kubeTime(this.#world.clock.now()),
        containerID: this.status.containerID ?? '',
      },
    };
    this.status.ready = false;
    this.status.started = false;
    this.#host.changed();
  }

  get #version(): string {
    return this.#world.shaOf(this.#spec.image).slice(0, 7);
  }

  #tellPresent(): void {
    tellPresent({ image: this.#spec.image, tell: (reason, message) => this.#tell(reason, message) });
  }

  #tell(reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    this.#host.report({ reason, message, type, fieldPath: `spec.containers{${this.#spec.name}}` });
  }
}

/** A duration as Go prints it: `10s`, `2m40s`. */
function spoken(ms: number): string {
  const seconds = ms / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
