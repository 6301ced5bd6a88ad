import { Failure, noIncidentResource } from './failure.ts';
import type { Site } from './site.ts';

export interface EventReference {
  resource?: string;
  relatedItemId?: string;
}

export interface TimelineEvent {
  id: string;
  incident: string;
  type: string;
  at: number;
  updatedAt: number;
  /** A JSON document, as text. */
  data: string;
  references: EventReference[];
}

/** The types that clients may write; all others are written by the service alone. */
const CLIENTS_OWN: ReadonlySet<string> = new Set(['Custom Event', 'Note']);

function checkData(data: string): void {
  try {
    JSON.parse(data);
  } catch {
    throw new Failure('ValidationException', 'eventData must be a valid JSON string');
  }
}

function checkType(type: string): void {
  if (!CLIENTS_OWN.has(type)) throw new Failure('ValidationException', `Event type is not supported: ${type}`);
}

/** The timelines of all incidents. */
export class Timelines {
  readonly #site: Site;
  readonly #byIncident = new Map<string, TimelineEvent[]>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** Writes an event of the service's own; `at` defaults to now. */
  record(
    incident: string,
    type: string,
    data: unknown,
    more: { at?: number | undefined; references?: EventReference[] } = {},
  ) {
    const at = more.at ?? this.#site.clock.stamp();
    const { references = [] } = more;
    return this.#add({ incident, type, at, updatedAt: at, data: JSON.stringify(data), references });
  }

  /** Writes an event for a client. */
  create(
    wish: { incident: string; type: string; at: number; data: string; references: EventReference[] },
    updatedAt = this.#site.clock.stamp(),
  ): TimelineEvent {
    checkType(wish.type);
    checkData(wish.data);
    return this.#add({ ...wish, updatedAt });
  }

  get(incident: string, id: string): TimelineEvent {
    const event = this.of(incident).find((candidate) => candidate.id === id);
    if (!event) throw noIncidentResource(id, 'TIMELINE_EVENT');
    return event;
  }

  /** In the order in which they were written; an unknown incident has none. */
  of(incident: string): readonly TimelineEvent[] {
    return this.#byIncident.get(incident) ?? [];
  }

  update(incident: string, id: string, change: Partial<Pick<TimelineEvent, 'type' | 'at' | 'data' | 'references'>>) {
    const event = this.get(incident, id);
    checkType(event.type);
    if (change.type !== undefined) checkType(change.type);
    if (change.data !== undefined) checkData(change.data);
    Object.assign(event, change, { updatedAt: this.#site.clock.stamp() });
  }

  /** Deleting what is not there succeeds; what the service wrote stays. */
  delete(incident: string, id: string): void {
    const events = this.of(incident);
    const event = events.find((candidate) => candidate.id === id);
    if (!event) return;
    checkType(event.type);
    this.#byIncident.set(
      incident,
      events.filter((other) => other !== event),
    );
  }

  forget(incident: string): void {
    this.#byIncident.delete(incident);
  }

  #add(event: Omit<TimelineEvent, 'id'>): TimelineEvent {
    const written = { ...event, id: this.#site.random.uuid() };
    this.#byIncident.set(event.incident, [...this.of(event.incident), written]);
    return written;
  }
}
