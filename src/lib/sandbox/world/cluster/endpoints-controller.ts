import type { Change } from './object-store.ts';
import { isReady, kubeTime, ownedBy, type PlainObject, type Pod } from './objects.ts';
import type { Surroundings } from './surroundings.ts';

/** Where traffic may go: keeps each service's endpoint slice in step with its ready pods. */
export class EndpointsController {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  observe(change: Change): void {
    if (change.resource !== 'pods') return;
    for (const service of this.#world.store.list('services', change.object.metadata.namespace)) {
      if (selects(service, change.object as Pod)) this.reconcile(service);
    }
  }

  /** Writes the slice of a service as its pods are now. */
  reconcile(service: PlainObject): void {
    const { store, random, clock } = this.#world;
    const { name, namespace } = service.metadata;
    const pods = store.list('pods', namespace).filter((pod) => selects(service, pod) && pod.status.podIP);
    const known = store
      .list('endpointslices', namespace)
      .find(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name);
    const endpoints = pods.map(endpointOf);
    this.#writeEndpoints(service, pods);
    if (known) {
      store.update('endpointslices', known.metadata, (draft) => {
        draft.endpoints = endpoints;
      });
      return;
    }
    store.create('endpointslices', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${random.text(5, 'bcdfghjklmnpqrstvwxz2456789')}`,
        generateName: `${name}-`,
        ...(namespace ? { namespace } : {}),
        uid: random.uuid(),
        resourceVersion: '',
        generation: 1,
        creationTimestamp: kubeTime(clock.now()),
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: ownedBy(service),
      },
      addressType: 'IPv4',
      endpoints,
      ports: [{ name: 'http', port: this.#world.service(name)?.port ?? 80, protocol: 'TCP' }],
    });
  }

  /** The older form, which is written beside the slice. Pods that are leaving are in neither list. */
  #writeEndpoints(service: PlainObject, pods: readonly Pod[]): void {
    const { store, random } = this.#world;
    const { name, namespace, creationTimestamp, labels } = service.metadata;
    const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const addresses = staying.filter(isReady).map(addressOf);
    const notReadyAddresses = staying.filter((pod) => !isReady(pod)).map(addressOf);
    const subset = {
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
      ports: [{ name: 'http', port: this.#world.service(name)?.port ?? 80, protocol: 'TCP' }],
    };
    const subsets = staying.length > 0 ? [subset] : undefined;
    const written = store.update('endpoints', service.metadata, (draft) => {
      if (subsets) draft.subsets = subsets;
      else delete draft.subsets;
    });
    if (written) return;
    const uid = random.fork(`endpoints ${name}`).uuid();
    const metadata = { name, ...(namespace ? { namespace } : {}), uid, resourceVersion: '', creationTimestamp };
    store.create('endpoints', {
      ...{ apiVersion: 'v1', kind: 'Endpoints' },
      metadata: { ...metadata, ...(labels ? { labels } : {}) },
      ...(subsets ? { subsets } : {}),
    });
  }
}

/** A pod's address in an Endpoints object. */
function addressOf({ metadata, spec, status }: Pod): Record<string, unknown> {
  const { name, namespace, uid } = metadata;
  return { ip: status.podIP, nodeName: spec.nodeName, targetRef: { kind: 'Pod', namespace, name, uid } };
}

function endpointOf(pod: Pod): Record<string, unknown> {
  const ready = isReady(pod);
  const leaving = pod.metadata.deletionTimestamp !== undefined;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [pod.status.podIP],
    conditions: { ready: ready && !leaving, serving: ready, terminating: leaving },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

function selects({ spec }: PlainObject, pod: Pod): boolean {
  const selector = Object.entries(spec['selector'] as Record<string, string>);
  return selector.every(([key, value]) => pod.metadata.labels?.[key] === value);
}
