import { IMAGE_REGISTRY, NAMESPACE, type ServiceSpec } from '../catalog.ts';
import type { Random } from '../random.ts';
import {
  CHANGE_CAUSE_ANNOTATION,
  type Condition,
  type Deployment,
  kubeTime,
  type PlainObject,
  type PodTemplate,
  VERSION_LABEL,
} from './objects.ts';

/** What the cluster says its version is. */
export const KUBERNETES_VERSION = 'v1.32.4';

/** The machines. Pods on the n-th have addresses in 10.12.n.0/24. */
export const NODES = [1, 2, 3].map((n) => ({
  name: `ip-10-0-${n}-1${n}7.us-west-2.compute.internal`,
  ip: `10.0.${n}.1${n}7`,
  pods: `10.12.${n}`,
}));

/** Who deployed what. */
export interface Release {
  /** The full commit. */
  sha: string;
  by: string;
}

export function imageOf(service: string, sha: string): string {
  return `${IMAGE_REGISTRY}/${service}:${sha.slice(0, 7)}`;
}

/** What `kubernetes.io/change-cause` says of a deploy. */
export function changeCause({ sha, by }: Release): string {
  return `deploy ${sha} by ${by}`;
}

export function podTemplate(service: ServiceSpec, sha: string): PodTemplate {
  const probe = (path: string, period: number) => ({
    httpGet: { path, port: 'http', scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: period,
    successThreshold: 1,
    failureThreshold: 3,
  });
  return {
    metadata: {
      creationTimestamp: null,
      labels: { app: service.name, 'app.kubernetes.io/name': service.name, [VERSION_LABEL]: sha },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(service.port) },
    },
    spec: {
      containers: [
        {
          name: service.name,
          image: imageOf(service.name, sha),
          ports: [{ name: 'http', containerPort: service.port, protocol: 'TCP' }],
          resources: {
            limits: { memory: `${service.memoryMiB * 2}Mi` },
            requests: { cpu: '250m', memory: `${service.memoryMiB}Mi` },
          },
          livenessProbe: probe('/livez', 10),
          readinessProbe: probe('/readyz', 1),
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [{ name: 'cache', mountPath: `/var/cache/${service.name}` }],
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      volumes: [{ name: 'cache', emptyDir: {} }],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  };
}

/**
 * A service's Deployment. A whole new set of pods is brought up beside the old one, and an old pod goes as soon as a
 * new one is ready (`maxSurge: 100%`), because the team wants deploys to be quick. This is what makes an outage
 * possible: a bad revision answers its readiness probe as soon as it listens, the old pods are let go, and only then,
 * a second or half a minute later, a background task dies of a nil pointer. `kubectl rollout status` says
 * "successfully rolled out".
 */
export function deploymentOf(
  service: ServiceSpec,
  release: Release,
  facts: { at: number; random: Random; generation: number },
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      uid: facts.random.uuid(),
      resourceVersion: '',
      generation: facts.generation,
      creationTimestamp: kubeTime(facts.at),
      labels: { app: service.name, 'app.kubernetes.io/name': service.name, [VERSION_LABEL]: release.sha },
      annotations: { [CHANGE_CAUSE_ANNOTATION]: changeCause(release) },
    },
    spec: {
      replicas: service.replicas,
      selector: { matchLabels: { app: service.name } },
      template: podTemplate(service, release.sha),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '100%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
    status: {},
  };
}

export function namespaceObject(name: string, at: number, random: Random): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: random.uuid(),
      resourceVersion: '',
      creationTimestamp: kubeTime(at),
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

export const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system', NAMESPACE];

export function serviceObject(
  service: ServiceSpec,
  facts: { at: number; random: Random; clusterIP: string },
): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      uid: facts.random.uuid(),
      resourceVersion: '',
      creationTimestamp: kubeTime(facts.at),
      labels: { app: service.name },
    },
    spec: {
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' }],
      selector: { app: service.name },
      clusterIP: facts.clusterIP,
      clusterIPs: [facts.clusterIP],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  };
}

export function nodeObject(
  node: (typeof NODES)[number],
  facts: { at: number; now: number; random: Random },
): PlainObject {
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => ({
    type,
    status,
    lastHeartbeatTime: kubeTime(facts.now),
    lastTransitionTime: kubeTime(facts.at),
    reason,
    message,
  });
  const size = { cpu: '4', 'ephemeral-storage': '83873772Ki', memory: '16073456Ki', pods: '58' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      uid: facts.random.uuid(),
      resourceVersion: '',
      creationTimestamp: kubeTime(facts.at),
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm6i.xlarge',
        'topology.kubernetes.io/region': 'us-west-2',
        'topology.kubernetes.io/zone': `us-west-2${'abc'[NODES.indexOf(node)]}`,
      },
    },
    spec: { podCIDR: `${node.pods}.0/24`, podCIDRs: [`${node.pods}.0/24`] },
    status: {
      capacity: size,
      allocatable: { ...size, cpu: '3920m', memory: '15056624Ki' },
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      addresses: [
        { type: 'InternalIP', address: node.ip },
        { type: 'Hostname', address: node.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://1.7.27',
        kernelVersion: '6.1.134-150.224.amzn2023.x86_64',
        kubeletVersion: KUBERNETES_VERSION,
        kubeProxyVersion: KUBERNETES_VERSION,
        operatingSystem: 'linux',
        osImage: 'Amazon Linux 2023.7.20250428',
        bootID: facts.random.uuid(),
        machineID: facts.random.hex(32),
        systemUUID: facts.random.uuid(),
      },
    },
  };
}
