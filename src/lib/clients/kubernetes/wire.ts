/**
 * What is read of the API's objects, as JSON carries them: absent fields are left out, times are text.
 * https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.32/
 */
export interface ObjectList<T> {
  metadata?: { continue?: string; resourceVersion?: string };
  items: T[];
}

export interface Metadata {
  name: string;
  resourceVersion?: string;
  namespace?: string;
  uid?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { uid: string; controller?: boolean; kind?: string; name?: string }[];
}

export interface PodTemplate {
  metadata?: Partial<Metadata>;
  spec: PodSpec;
}

export interface WireWorkload {
  metadata: Metadata;
  spec: {
    replicas?: number;
    paused?: boolean;
    selector?: { matchLabels?: Record<string, string> };
    template: PodTemplate;
  };
  status?: {
    readyReplicas?: number;
    updatedReplicas?: number;
    /** DaemonSets count by node instead. */
    desiredNumberScheduled?: number;
    numberReady?: number;
    updatedNumberScheduled?: number;
  };
}

export interface WireReplicaSet {
  metadata: Metadata;
  spec: { replicas?: number; template: PodTemplate };
  status?: { replicas?: number };
}

/** An earlier template of a StatefulSet or DaemonSet. */
export interface WireControllerRevision {
  metadata: Metadata;
  revision: number;
  data?: { spec?: { template?: PodTemplate } };
}

export interface Container {
  name: string;
  image?: string;
  restartPolicy?: string;
}

export interface PodSpec {
  nodeName?: string;
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

export interface Termination {
  exitCode: number;
  signal?: number;
  reason?: string;
  startedAt?: string;
  finishedAt?: string;
  containerID?: string;
}

export interface ContainerState {
  waiting?: { reason?: string };
  running?: { startedAt?: string };
  terminated?: Termination;
}

export interface ContainerStatus {
  name: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface WirePod {
  metadata: Metadata;
  spec: PodSpec;
  status?: {
    phase?: string;
    reason?: string;
    startTime?: string;
    conditions?: { type: string; status: string; reason?: string }[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
}

export interface WireEvent {
  metadata: Metadata;
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  series?: { count?: number; lastObservedTime?: string };
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  involvedObject: { kind?: string; name?: string };
}
