import type { Writable } from 'node:stream';
import type { End, SignInWay } from '../sign-in.ts';

/** What `oncall` asks of a Kubernetes cluster. Times are ISO 8601 UTC strings; absent is null. */
export interface Kubernetes {
  /** Where calls go and as whom, from the kubeconfig and the cluster's own answer; the usual context unless told. */
  whoAmI(context?: string | null): Promise<ClusterIdentity>;
  /** How one signs in to a context's cluster, as the kubeconfig has it. Asks no server. */
  signInWay(context: string | null): Promise<SignInWay>;
  /** What of the present credentials runs out, and when. @throws AUTH */
  ends(context: string | null): Promise<End[]>;
  /** Deployments, StatefulSets and DaemonSets of a namespace, or of all. @throws AUTH when it may not be seen */
  workloads(where: { context: string | null; namespace: string | null }): Promise<FoundWorkload[]>;
  /** Service objects, likewise. */
  services(where: { context: string | null; namespace: string | null }): Promise<FoundService[]>;
  /** The workload that the target's selector finds, with what it runs now. @throws NOT_FOUND */
  workload(target: Target): Promise<Workload>;
  /** Earlier and present revisions of the workload, newest first. */
  revisions(target: Target): Promise<Revision[]>;
  /**
   * Builds the change that puts an earlier revision's pod template back, as `kubectl rollout undo` does, and makes none.
   * @throws NOT_FOUND when the revision is not kept, REFUSED for a workload that cannot be put back this way
   */
  prepareRollBack(target: Target, wanted: RollBack): Promise<PreparedChange>;
  /** Makes a prepared change, once. It is never sent again, whatever the answer. */
  change(prepared: PreparedChange): Promise<void>;
  pods(target: Target): Promise<Pod[]>;
  /** Recent events about the target's pods, oldest first. */
  events(target: Target): Promise<ClusterEvent[]>;
  /** Writes one container's log into `sink`; resolves when the log ends. @throws NOT_FOUND, AUTH, UNAVAILABLE */
  log(request: LogRequest, sink: Writable, signal: AbortSignal): Promise<void>;
  /**
   * Opens one container run's log, with timestamps. Its bytes are pushed as they arrive.
   * @param take gets each piece; it may keep it
   */
  openLog(request: LogStreamRequest, take: (piece: Buffer) => void): LogStream;
  /**
   * Lists the target's pods, then watches them, until the signal is aborted.
   * @param observer is told of the whole set after each change, and of each trouble once
   * @throws AUTH and whatever else no further try can mend; INTERRUPTED
   */
  watchPods(target: Target, observer: PodObserver, signal: AbortSignal): Promise<void>;
  /** The label selector of a workload or Service, by which its pods are found. @throws NOT_FOUND, USAGE for a kind that has none */
  selectorOf(object: { context: string | null; namespace: string; kind: string; name: string }): Promise<string>;
  /** Whether a job is complete or has failed for good. */
  jobIsOver(target: Target, job: string): Promise<boolean>;
}

/** Which run of a container, and how far back. Bounds that are null do not limit. */
export interface LogStreamRequest {
  context: string | null;
  namespace: string;
  pod: string;
  container: string;
  follow: boolean;
  /** The run before the present one. */
  previous: boolean;
  tailLines: number | null;
  sinceSeconds: number | null;
  /** RFC 3339. An API server cuts the fraction off. Not together with `sinceSeconds`. */
  sinceTime: string | null;
}

/** A log that is being read. */
export interface LogStream {
  /** The source is asked to send no more; what is under way may still come. */
  pause(): void;
  resume(): void;
  /** Ends it without a word. */
  close(): void;
  /**
   * Resolves when it ended in order, or was closed. That proves nothing of the container: streams are cut after four
   * hours, by proxies, and when a node runs out of inotify instances.
   * @throws UNAVAILABLE when it broke off; NOT_FOUND, AUTH, FAILED when the cluster refused it
   */
  readonly ended: Promise<void>;
}

export interface PodObserver {
  /** Every pod of the target as it is now, by name. */
  pods(pods: readonly WatchedPod[]): void;
  /** The cluster does not answer, in words; null when it does again. */
  trouble(words: string | null): void;
}

/** A pod with what a log needs to know of its containers. */
export interface WatchedPod extends Pod {
  uid: string;
  /** What made it, e.g. a ReplicaSet or a Job. */
  owner: { kind: string; name: string } | null;
  runs: ContainerRuns[];
}

/** One container of a pod: its present run and the one before. */
export interface ContainerRuns {
  name: string;
  kind: 'init' | 'regular' | 'ephemeral';
  /** Identity of the run that the node has now, which may be over; null before the first. */
  run: string | null;
  state: 'waiting' | 'running' | 'terminated';
  /** When the present run began, RFC 3339 in whole seconds. */
  startedAt: string | null;
  /** Why it waits, e.g. CrashLoopBackOff. */
  waitingFor: string | null;
  /** How the last run that ended did, e.g. `OOMKilled, exit code 137`. */
  ending: string | null;
  restarts: number;
  /** Identity of the run before, whose log the node still has. */
  lastRun: string | null;
}

/** A workload as it introduces itself. */
export interface FoundWorkload {
  name: string;
  namespace: string;
  kind: 'deployment' | 'statefulset' | 'daemonset';
  /** Labels of the workload itself. */
  labels: Record<string, string>;
  /** Labels that its pods carry. */
  podLabels: Record<string, string>;
  /** Labels by which it selects its pods. */
  selects: Record<string, string>;
}

export interface FoundService {
  name: string;
  namespace: string;
  ports: number[];
}

export interface Target {
  /** Name of a kubeconfig context; null takes the current one. */
  context: string | null;
  namespace: string;
  /** Label selector, e.g. `app=dolthubapi`. */
  selector: string;
}

export interface ClusterIdentity {
  context: string;
  server: string;
  user: string | null;
}

export interface Workload {
  name: string;
  /** Image of the first container, as the pod template names it now. */
  image: string;
  /** Full commit that the workload says it runs (annotation or label), else the image's tag; null if neither tells. */
  revision: string | null;
  desired: number;
  ready: number;
  updated: number;
  /** Set while it runs what `oncall` put back in the cluster itself. */
  rolledBack: RollBackMark | null;
}

/** What a rolled-back workload says about that. */
export interface RollBackMark {
  by: string;
  at: string;
  reason: string;
  /** Image of the first container that was put back. */
  image: string;
}

export interface RollBack {
  revision: number;
  /** Image that must still run, so that nothing newer is overwritten. */
  from: string;
  mark: Omit<RollBackMark, 'image'>;
}

/** One write to one cluster, ready to be sent: a JSON patch. */
export interface PreparedChange {
  context: string;
  namespace: string;
  path: string;
  patch: Record<string, unknown>[];
}

export interface Revision {
  number: number;
  image: string;
  revision: string | null;
  createdAt: string;
  replicas: number;
}

export interface Pod {
  name: string;
  phase: string;
  /** What `kubectl get pods` prints as STATUS: Running, CrashLoopBackOff, ContainerCreating, … */
  status: string;
  ready: boolean;
  restarts: number;
  startedAt: string | null;
  node: string | null;
  image: string;
  containers: string[];
  /** Why the last run of a container ended, e.g. `Error, exit code 2`; null if none has. */
  lastTermination: string | null;
}

export interface ClusterEvent {
  at: string;
  kind: 'Normal' | 'Warning';
  reason: string;
  object: string;
  message: string;
  count: number;
}

export interface LogRequest {
  context: string | null;
  namespace: string;
  pod: string;
  container: string;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  tailLines: number | null;
  sinceSeconds: number | null;
}
