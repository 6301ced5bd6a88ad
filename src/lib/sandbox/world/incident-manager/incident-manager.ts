import type { AlertEvent } from '../alert-event.ts';
import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';
import { Contacts } from './contacts.ts';
import { directoryAt } from './directory.ts';
import { Engagements } from './engagements.ts';
import { Incidents } from './incidents.ts';
import { Replication } from './replication.ts';
import { ResponsePlans } from './response-plans.ts';
import { Rotations } from './rotations.ts';
import { type Change, type Delays, Once, type Site, USUAL_DELAYS } from './site.ts';
import { Tags } from './tags.ts';

export interface IncidentManagerOptions {
  clock: WorldClock;
  random: Random;
  account: string;
  region: string;
  /** How long paging takes to begin and to be delivered; what is left out stays as usual. */
  delays?: Partial<Delays>;
}

/** Longest `rawData` that a trigger keeps. */
const LONGEST_RAW_DATA = 10_000;

/**
 * Incident Manager and Contacts of one AWS account: response plans, incidents, the people and the paging. The account
 * was onboarded long ago; `setEnabled(false)` makes it one that never was.
 */
export class IncidentManager {
  readonly account: string;
  readonly region: string;
  readonly clock: WorldClock;
  readonly random: Random;
  readonly rotations: Rotations;
  readonly contacts: Contacts;
  readonly engagements: Engagements;
  readonly plans: ResponsePlans;
  readonly incidents: Incidents;
  readonly replication: Replication;
  readonly tags = new Tags();
  readonly once = new Once();
  readonly #listeners = new Set<(change: Change) => void>();
  #enabled = true;

  constructor(options: IncidentManagerOptions) {
    const { clock, account, region } = options;
    const site: Site = {
      clock,
      random: options.random.fork('incident-manager'),
      account,
      region,
      delays: { ...USUAL_DELAYS, ...options.delays },
      announce: (change) => {
        for (const listener of this.#listeners) listener(change);
      },
    };
    this.account = account;
    this.region = region;
    this.clock = clock;
    this.random = site.random;
    this.rotations = new Rotations(site);
    this.contacts = new Contacts(site, this.rotations);
    this.engagements = new Engagements(site, this.contacts, () =>
      directoryAt(this.contacts, this.rotations, clock.now()),
    );
    this.plans = new ResponsePlans(site);
    this.incidents = new Incidents(site, {
      plans: this.plans,
      engagements: this.engagements,
      tags: this.tags,
      nameOf: (arn) => {
        const contact = this.contacts.find(arn);
        return contact && (contact.displayName ?? contact.alias);
      },
    });
    this.replication = new Replication(site, `arn:aws:sts::${account}:assumed-role/Admin/founder`);
  }

  /** Whether the account uses Incident Manager at all. https://docs.aws.amazon.com/incident-manager/latest/userguide/incident-manager-availability-change.html */
  get enabled(): boolean {
    return this.#enabled && this.replication.list().length > 0;
  }

  /** Whether the account was a customer when AWS stopped taking new ones. */
  get customer(): boolean {
    return this.#enabled;
  }

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
  }

  /** Calls `listener` at every change from now on. @returns what ends that. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Deletes a rotation here and in every schedule. */
  deleteRotation(arn: string): void {
    this.rotations.delete(arn);
    this.contacts.forgetRotation(arn);
    this.tags.forget(arn);
  }

  deleteContact(arn: string): void {
    this.contacts.delete(arn);
    this.tags.forget(arn);
  }

  deletePlan(arn: string): void {
    this.plans.delete(arn);
    this.tags.forget(arn);
  }

  /** "Deleting the replication set deletes all Incident Manager data": nobody is paged any more, either. */
  deleteReplicationSet(arn: string): void {
    this.replication.delete(arn);
    for (const part of [this.engagements, this.incidents, this.plans, this.rotations, this.contacts, this.once]) {
      part.forget();
    }
    this.tags.forgetAll();
  }

  /**
   * What the target of an EventBridge rule does with an event: starts an incident from the response plan, or adds a
   * trigger to the open incident with the same key. Everything but the trigger comes from the plan.
   * @param ruleArn the rule that matched; by default one named like the plan, on the bus `oncall`.
   * @returns the ARN of the incident record that holds the event.
   * @throws Failure ResourceNotFoundException when there is no such plan.
   */
  startFromEvent(responsePlanArn: string, event: AlertEvent, ruleArn?: string): string {
    const planName = responsePlanArn.slice(responsePlanArn.lastIndexOf('/') + 1);
    const triggerArn = ruleArn ?? `arn:aws:events:${this.region}:${this.account}:rule/oncall/${planName}`;
    const incident = this.incidents.start({
      plan: responsePlanArn,
      dedupe: triggerArn,
      relatedItems: event.resources.map((arn) => ({ identifier: { type: 'INVOLVED_RESOURCE', value: { arn } } })),
      trigger: {
        triggerArn,
        rawData: JSON.stringify(event).slice(0, LONGEST_RAW_DATA),
        source: {
          createdBy: `arn:aws:sts::${this.account}:assumed-role/oncall-events/${this.random.hex(32)}`,
          invokedBy: 'events.amazonaws.com',
          source: 'aws.events',
          resourceArn: triggerArn,
        },
      },
    });
    return incident.arn;
  }
}
