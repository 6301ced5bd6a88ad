import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { ObjectStore } from './object-store.ts';
import { type EventObject, type KubeObject, kubeTime } from './objects.ts';

/** One thing worth telling about an object. */
export interface Report {
  type?: 'Normal' | 'Warning';
  reason: string;
  message: string;
  component: string;
  host?: string | undefined;
  /** The part of the object it is about, e.g. `spec.containers{api}`. */
  fieldPath?: string;
}

/** Events are kept for an hour, the API server's own default. */
const KEPT_MS = 3_600_000;

/** Writes the cluster's events: the same report of the same object again only raises its count. */
export class EventRecorder {
  readonly #store: ObjectStore;
  readonly #clock: WorldClock;
  readonly #random: Random;
  readonly #known = new Map<string, { namespace: string; name: string }>();

  constructor(parts: { store: ObjectStore; clock: WorldClock; random: Random }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#clock.every(60_000, () => this.#forgetOld());
  }

  record(about: KubeObject, report: Report): void {
    const now = kubeTime(this.#clock.now());
    const series = [about.metadata.uid, report.reason, report.message, report.component].join('\n');
    const known = this.#known.get(series);
    const counted =
      known &&
      this.#store.update('events', known, (event) => {
        event.count += 1;
        event.lastTimestamp = now;
      });
    if (counted) return;
    const event = this.#eventOf(about, report, now);
    this.#known.set(series, { namespace: event.metadata.namespace ?? 'default', name: event.metadata.name });
    this.#store.create('events', event);
  }

  #eventOf(about: KubeObject, report: Report, now: string): EventObject {
    const namespace = about.metadata.namespace ?? 'default';
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${about.metadata.name}.${this.#random.hex(16)}`,
        namespace,
        uid: this.#random.uuid(),
        resourceVersion: '',
        creationTimestamp: now,
      },
      involvedObject: {
        kind: about.kind,
        namespace,
        name: about.metadata.name,
        uid: about.metadata.uid,
        apiVersion: about.apiVersion,
        resourceVersion: about.metadata.resourceVersion,
        ...(report.fieldPath ? { fieldPath: report.fieldPath } : {}),
      },
      reason: report.reason,
      message: report.message,
      source: { component: report.component, ...(report.host ? { host: report.host } : {}) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: report.type ?? 'Normal',
      eventTime: null,
      reportingComponent: report.component,
      reportingInstance: report.host ?? '',
    };
  }

  #forgetOld(): void {
    const oldest = kubeTime(this.#clock.now() - KEPT_MS);
    for (const { lastTimestamp, metadata } of this.#store.list('events')) {
      if (lastTimestamp < oldest) this.#store.remove('events', metadata);
    }
    for (const [series, key] of this.#known) {
      if (!this.#store.get('events', key)) this.#known.delete(series);
    }
  }
}
