import { Chronicle } from './chronicle.ts';
import type { Engagements } from './engagements.ts';
import { noIncidentResource } from './failure.ts';
import type { Page } from './pages.ts';
import { ownItems, type RelatedItem, type RelatedItemsUpdate, updatedItems, withId } from './related-items.ts';
import type { NotificationTarget, ResponsePlans } from './response-plans.ts';
import { incidentsArn, type Site } from './site.ts';
import type { Tags } from './tags.ts';
import { Timelines } from './timeline.ts';

export interface IncidentSource {
  createdBy: string;
  invokedBy: string;
  source: string;
  resourceArn: string | null;
}

export interface Incident {
  arn: string;
  plan: string;
  title: string;
  summary: string | null;
  status: 'OPEN' | 'RESOLVED';
  impact: number;
  createdAt: number;
  resolvedAt: number | null;
  modifiedAt: number;
  modifiedBy: string;
  dedupe: string;
  source: IncidentSource;
  chatChannel: Record<string, unknown> | null;
  notificationTargets: NotificationTarget[];
  items: RelatedItem[];
}

/** What set an incident off. */
export interface Trigger {
  source: IncidentSource;
  triggerArn: string | null;
  rawData: string | null;
}

export interface IncidentWish {
  plan: string;
  title?: string | undefined;
  impact?: number | undefined;
  relatedItems?: RelatedItem[] | undefined;
  trigger: Trigger;
  /** The key when the plan has none of its own; without either, every start opens an incident. */
  dedupe?: string | undefined;
}

export type IncidentChange = Partial<
  Pick<Incident, 'title' | 'summary' | 'status' | 'impact' | 'chatChannel' | 'notificationTargets'>
>;

/**
 * AWS does not say whether resolving an incident ends the paging for it. Here it does not: whoever resolves has to stop
 * the engagements too, which is right under either answer.
 */
const RESOLVING_STOPS_ENGAGEMENTS = false;

/** All incident records. */
export class Incidents {
  readonly timelines: Timelines;
  readonly #site: Site;
  readonly #plans: ResponsePlans;
  readonly #engagements: Engagements;
  readonly #chronicle: Chronicle;
  readonly #isContact: (arn: string) => boolean;
  readonly #tags: Tags;
  readonly #byArn = new Map<string, Incident>();

  constructor(
    site: Site,
    parts: {
      plans: ResponsePlans;
      engagements: Engagements;
      tags: Tags;
      nameOf: (contact: string) => string | undefined;
    },
  ) {
    this.#site = site;
    this.#plans = parts.plans;
    this.#engagements = parts.engagements;
    this.#isContact = (arn) => parts.nameOf(arn) !== undefined;
    this.#tags = parts.tags;
    this.timelines = new Timelines(site);
    this.#chronicle = new Chronicle(this.timelines, parts.nameOf);
    this.#engagements.watchedBy({
      paged: (page) => this.#withIncidentOf(page, (incident) => this.#chronicle.paged(incident, page)),
      acknowledged: (page) => this.#withIncidentOf(page, (incident) => this.#chronicle.acknowledged(incident, page)),
    });
  }

  /**
   * Opens an incident and engages its plan's contacts. While another incident with the same key is open, that one takes
   * the trigger instead and nobody is paged.
   * @returns the incident that holds the trigger.
   */
  start(wish: IncidentWish): Incident {
    const plan = this.#plans.get(wish.plan);
    const dedupe = plan.incidentTemplate.dedupeString ?? wish.dedupe ?? null;
    const open =
      dedupe === null ? undefined : this.list().find((one) => one.status === 'OPEN' && one.dedupe === dedupe);
    if (open) {
      this.#chronicle.trigger(open, wish.trigger, { createdIncident: false });
      this.#site.announce({ kind: 'trigger-absorbed', incident: open.arn });
      return open;
    }
    const incident = this.add(wish, { dedupe });
    this.#site.announce({ kind: 'incident-started', incident: incident.arn });
    for (const contact of plan.engagements ?? []) this.#engage(contact, incident);
    return incident;
  }

  /** Writes a record and the events that every record begins with, and pages nobody. `at` defaults to now. */
  add(wish: IncidentWish, how: { dedupe: string | null; at?: number }): Incident {
    const plan = this.#plans.get(wish.plan);
    const template = plan.incidentTemplate;
    const { random, account, region } = this.#site;
    const createdAt = how.at ?? this.#site.clock.stamp();
    const incident: Incident = {
      arn: incidentsArn(this.#site, `incident-record/${plan.name}/${random.uuid()}`),
      plan: plan.arn,
      title: wish.title ?? template.title,
      summary: template.summary ?? null,
      status: 'OPEN',
      impact: wish.impact ?? template.impact,
      createdAt,
      resolvedAt: null,
      modifiedAt: createdAt,
      modifiedBy: wish.trigger.source.createdBy,
      dedupe: how.dedupe ?? random.uuid(),
      source: wish.trigger.source,
      chatChannel: plan.chatChannel ?? null,
      notificationTargets: template.notificationTargets ?? [],
      items: [
        ...ownItems({ account, region, random }),
        ...(wish.relatedItems ?? []).map((item) => withId(item, random)),
      ],
    };
    this.#byArn.set(incident.arn, incident);
    this.#tags.add(incident.arn, template.incidentTags ?? {});
    this.#chronicle.trigger(incident, wish.trigger, { createdIncident: true, at: how.at });
    // One millisecond later, as the clock would have it, so that the two keep their order however they are sorted.
    const startedAt = how.at === undefined ? undefined : how.at + 1;
    this.#chronicle.start(incident, plan, { triggerArn: wish.trigger.triggerArn, at: startedAt });
    return incident;
  }

  get(arn: string): Incident {
    const incident = this.#byArn.get(arn);
    if (!incident) throw noIncidentResource(arn, 'INCIDENT_RECORD');
    return incident;
  }

  find(arn: string): Incident | undefined {
    return this.#byArn.get(arn);
  }

  /** Newest first. */
  list(): Incident[] {
    return [...this.#byArn.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Changes what is given. `who.at` defaults to now. */
  update(arn: string, change: IncidentChange, who: { by: string; at?: number }): void {
    const incident = this.get(arn);
    const { by, at = this.#site.clock.stamp() } = who;
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    if (given.length === 0) return;
    const resolves = change.status === 'RESOLVED' && incident.status === 'OPEN';
    Object.assign(incident, Object.fromEntries(given), { modifiedAt: at, modifiedBy: by });
    if (resolves) incident.resolvedAt = at;
    if (change.status === 'OPEN') incident.resolvedAt = null;
    const modifiedAttributes = given.map(([attributeName, value]) => ({
      attributeName,
      newValue: typeof value === 'string' ? value : JSON.stringify(value),
    }));
    this.#chronicle.update(incident, modifiedAttributes);
    this.#site.announce({ kind: resolves ? 'incident-resolved' : 'incident-updated', incident: arn });
    if (resolves && RESOLVING_STOPS_ENGAGEMENTS) {
      for (const engagement of this.#engagements.list({ incident: arn })) {
        this.#engagements.stop(engagement.arn, 'Incident resolved');
      }
    }
  }

  updateItems(arn: string, update: RelatedItemsUpdate, by: string): void {
    const incident = this.get(arn);
    incident.items = updatedItems(incident.items, update, this.#site.random);
    const at = this.#site.clock.stamp();
    Object.assign(incident, { modifiedAt: at, modifiedBy: by });
    const newValue = JSON.stringify(update);
    this.#chronicle.update(incident, [{ attributeName: 'relatedItems', newValue }]);
  }

  /** Deleting what is not there succeeds. Its engagements run on. */
  delete(arn: string): void {
    this.#byArn.delete(arn);
    this.timelines.forget(arn);
    this.#tags.forget(arn);
  }

  forget(): void {
    for (const arn of [...this.#byArn.keys()]) this.delete(arn);
  }

  #engage(contact: string, incident: Incident): void {
    if (!this.#isContact(contact)) return;
    const summary = incident.summary ? ` ${incident.summary}` : '';
    this.#engagements.start({
      contact,
      sender: 'Incident Manager',
      subject: incident.title,
      content: `You have been engaged for the incident ${incident.title} (impact ${incident.impact}).${summary}`,
      publicSubject: 'Incident',
      publicContent: 'You have been engaged for an incident.',
      incident: incident.arn,
    });
  }

  #withIncidentOf({ engagement }: Page, act: (incident: Incident) => void): void {
    const incident = engagement.incident === undefined ? undefined : this.find(engagement.incident);
    if (incident) act(incident);
  }
}
