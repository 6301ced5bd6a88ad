import type { Contact, Incident, Page, Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { firstRings, type PlannedRing, plannedRings } from './reach.ts';
import { readPagedSoFar } from './ring.ts';
import { findSubject, type Subject } from './subject.ts';

/** Somebody who was paged for an incident. Times are ISO 8601 UTC. */
export interface PagedPerson {
  alias: string;
  name: string;
  /** First page of theirs. */
  pagedAt: string;
  pages: number;
  acknowledgedAt: string | null;
}

/** What is known of one incident. */
export interface IncidentFacts {
  incident: Incident;
  service: string | null;
  found: Subject['found'];
  alert: { name: string; labels: Record<string, string>; annotations: Record<string, string> } | null;
  expression: string | null;
  onset: string;
  paged: PagedPerson[];
  /** Who will still be rung, and when, if nobody does anything more. */
  stillToRing: PlannedRing[];
  links: { title: string; url: string }[];
  /** When all this was true, ISO 8601 UTC, if it comes out of the cache; null when it is live. */
  cachedAt: string | null;
}

/** Reads everything about one incident, at once. */
export async function readFacts(
  sources: { pager: Pager; prometheus: Prometheus | null; services: readonly Service[] },
  incidentId: string,
  now: number,
): Promise<IncidentFacts> {
  const { pager } = sources;
  const incident = await pager.incident(incidentId);
  const [subject, soFar, links, contacts] = await Promise.all([
    findSubject(incident, sources),
    readPagedSoFar(pager, incidentId, now),
    pager.links(incidentId),
    pager.contacts(),
  ]);
  const { alert, expression } = subject;
  return {
    incident,
    service: subject.service?.name ?? null,
    found: subject.found,
    alert: alert && { name: alert.name, labels: alert.labels, annotations: alert.annotations },
    expression: expression?.expr ?? null,
    onset: new Date(subject.onset).toISOString(),
    paged: pagedPeople(soFar.pages, contacts),
    stillToRing: incident.status === 'open' ? firstRings(plannedRings(soFar.toCome.rings, soFar.toCome.directory)) : [],
    links,
    cachedAt: null,
  };
}

/** Who was paged, in the order of their first page. */
export function pagedPeople(pages: readonly Page[], contacts: readonly Contact[]): PagedPerson[] {
  const people = new Map<string, PagedPerson>();
  for (const { contact, sentAt, readAt } of [...pages].sort((a, b) => a.sentAt.localeCompare(b.sentAt))) {
    const name = contacts.find(({ alias }) => alias === contact)?.name ?? contact;
    const known = people.get(contact) ?? { alias: contact, name, pagedAt: sentAt, pages: 0, acknowledgedAt: null };
    const acknowledgedAt = [known.acknowledgedAt, readAt].filter((at) => at !== null).sort()[0] ?? null;
    people.set(contact, { ...known, pages: known.pages + 1, acknowledgedAt });
  }
  return [...people.values()];
}
