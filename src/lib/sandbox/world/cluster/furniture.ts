import type { ServiceSpec } from '../catalog.ts';
import type { Random } from '../random.ts';
import type { ObjectStore } from './object-store.ts';
import { type KubeObject, kubeTime, type ObjectMeta } from './objects.ts';

/** Objects that a cluster is full of and that nothing here acts on. */
export interface ConfigMap extends KubeObject {
  data: Record<string, string>;
}

export interface Secret extends KubeObject {
  type: string;
  /** Base64. */
  data: Record<string, string>;
}

/** A core/v1 Endpoints: the older form of what endpoint slices say. */
export interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: Record<string, unknown>[];
    notReadyAddresses?: Record<string, unknown>[];
    ports: { name: string; port: number; protocol: string }[];
  }[];
}

/** What stands in every secret of the practice world: there is nothing to find out. */
const NOTHING_SECRET = Buffer.from('practice-only-not-a-secret').toString('base64');
const ROOT_CA = '-----BEGIN CERTIFICATE-----\npractice only\n-----END CERTIFICATE-----\n';

/** Gives each namespace its service account and CA, and each service its settings and a secret. */
export function furnish(
  store: ObjectStore,
  facts: { namespaces: readonly string[]; services: readonly ServiceSpec[]; at: number; random: Random },
): void {
  const { namespaces, services, at, random } = facts;
  const metadata = (name: string, namespace: string, labels?: Record<string, string>): ObjectMeta => ({
    name,
    namespace,
    uid: random.uuid(),
    resourceVersion: '',
    creationTimestamp: kubeTime(at),
    ...(labels ? { labels } : {}),
  });
  const core = { apiVersion: 'v1' };
  for (const namespace of namespaces) {
    const ca = { 'ca.crt': ROOT_CA };
    store.create('configmaps', {
      ...core,
      kind: 'ConfigMap',
      metadata: metadata('kube-root-ca.crt', namespace),
      data: ca,
    });
    store.create('serviceaccounts', { ...core, kind: 'ServiceAccount', metadata: metadata('default', namespace) });
  }
  for (const { name, namespace, port, dependsOn } of services) {
    const labels = { app: name };
    const data = { LOG_LEVEL: 'info', PORT: String(port), DEPENDS_ON: dependsOn.join(',') };
    store.create('configmaps', {
      ...core,
      kind: 'ConfigMap',
      metadata: metadata(`${name}-config`, namespace, labels),
      data,
    });
    store.create('secrets', {
      ...core,
      kind: 'Secret',
      metadata: metadata(`${name}-database`, namespace, labels),
      type: 'Opaque',
      data: { password: NOTHING_SECRET, username: Buffer.from(name).toString('base64') },
    });
  }
}
