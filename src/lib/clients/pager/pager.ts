import type { End, SignInWay } from '../sign-in.ts';

/**
 * What `oncall` asks of a pager, in words that belong to no vendor. Incident Manager is the first adapter
 * (`incident-manager/`); no ARN, operation name or error of it passes this interface.
 *
 * Ids are opaque strings that are handed back unchanged. Times are ISO 8601 UTC strings; what is absent is null.
 */
export interface Pager {
  /** Who these credentials are. Costs one round trip, then remembered. */
  identity(): Promise<Identity>;
  /** How one signs in, as this machine's own settings have it. Asks no server. */
  signInWay(): Promise<SignInWay>;
  /** What of the present sign-in runs out, and when. @throws AUTH */
  ends(): Promise<End[]>;
  /** Whether the pager is set up at all in this account. */
  enabled(): Promise<boolean>;

  /** Open incidents first, then newest first. */
  incidents(filter?: { status?: IncidentStatus; since?: string }): Promise<Incident[]>;
  /** @throws NOT_FOUND */
  incident(id: string): Promise<Incident>;
  /** The alert that opened the incident, as the pipeline sent it; null when a person opened it. */
  trigger(incidentId: string): Promise<Trigger | null>;
  /** Opens an incident by a response plan, which pages whom the plan names. `token` makes a repeat harmless. */
  startIncident(request: { plan: string; title: string; impact?: Impact; token: string }): Promise<string>;
  resolve(incidentId: string, token: string): Promise<void>;
  /** Attaches a link; the same link is not attached twice. */
  addLink(incidentId: string, link: { title: string; url: string; token: string }): Promise<void>;
  links(incidentId: string): Promise<{ title: string; url: string }[]>;

  /** Everything on the incident's timeline, oldest first. */
  timeline(incidentId: string): Promise<TimelineEvent[]>;
  /** Adds a note; `token` makes a repeat harmless. Gives the event's id. */
  addNote(incidentId: string, note: { text: string; at: string; token: string }): Promise<string>;

  /** People, schedules and escalation plans. */
  contacts(): Promise<Contact[]>;
  /** Channels and stages of one contact. @throws NOT_FOUND */
  contact(alias: string): Promise<ContactDetail>;
  /** Who a schedule puts on call at an instant, and until when. */
  onCall(schedule: string, at: string): Promise<Shift[]>;
  /** Every shift of a schedule that touches the span. */
  shifts(schedule: string, span: { from: string; to: string }): Promise<Shift[]>;
  /** What a response plan pages, by alias. @throws NOT_FOUND */
  responsePlan(name: string): Promise<{ name: string; title: string; engages: string[] }>;
  responsePlans(): Promise<string[]>;

  /** Pages that reached a person, newest first. */
  pagesOf(alias: string, incidentId?: string): Promise<Page[]>;
  /** Everyone who is or was engaged for an incident, oldest first. */
  engagements(incidentId: string): Promise<Engagement[]>;
  pagesOfEngagement(engagementId: string): Promise<Page[]>;
  receipts(pageId: string): Promise<Receipt[]>;
  /** The way a page took: escalation plan, then schedule, then person; with the stage it belongs to. */
  pathOf(pageId: string): Promise<PagePath>;
  /** Accepts a page. With `code`, the pager checks it; without, the caller's credentials vouch. */
  accept(pageId: string, answer: { code?: string; note?: string }): Promise<void>;
  /** Pages a person, schedule or plan. Never repeated by the client after a doubt. Gives the engagement's id. */
  engage(request: EngageRequest): Promise<string>;
  /**
   * The commands of the vendor's own tool that make a change which is a person's to make, ready to paste into a shell.
   * It looks, and changes nothing.
   */
  byHand(change: ManualChange): Promise<string>;
  /** Stops an engagement: nobody further is rung by it. */
  stop(engagementId: string, reason: string): Promise<void>;
}

export type ManualChange =
  /** Sends the code to a channel, asks for it, and activates the channel. */
  | { kind: 'activate'; channelId: string }
  /** Adds a channel to its owner's own engagement plan. */
  | { kind: 'ring-channel'; contact: string; channelId: string }
  /** Lets an acknowledgement end each stage of an escalation plan that it does not end yet. */
  | { kind: 'end-stages'; contact: string }
  /** Puts a person on call in a rotation for a while. */
  | { kind: 'cover'; rotation: string; contact: string; from: string; to: string }
  /** A new response plan that pages a contact. */
  | { kind: 'add-response-plan'; name: string; title: string; engages: string }
  /** Lets a response plan page a contact. */
  | { kind: 'engage-by-plan'; name: string; engages: string };

export interface Identity {
  /** The caller as the vendor names it, for a human to recognise. */
  principal: string;
  account: string;
  /** Name of the session or user, which is often the contact alias too. */
  login: string | null;
}

export type IncidentStatus = 'open' | 'resolved';
/** 1 critical, 2 high, 3 medium, 4 low, 5 none. */
export type Impact = 1 | 2 | 3 | 4 | 5;

export interface Incident {
  /** UUID of the record: what `-i` takes a prefix of. */
  id: string;
  title: string;
  status: IncidentStatus;
  impact: Impact;
  summary: string | null;
  startedAt: string;
  resolvedAt: string | null;
  /** Response plan that opened it. */
  plan: string;
  /** `person` when it was opened by hand or by a product's own form. */
  openedBy: 'alert' | 'person';
  /** Web console address. */
  url: string;
}

/** One alert as Alertmanager names it. */
export interface Alert {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  fingerprint: string;
  generatorUrl: string | null;
}

export interface Trigger {
  at: string;
  /** Null when the text was not an alert that could be read. */
  alert: Alert | null;
  raw: string;
}

export interface TimelineEvent {
  id: string;
  at: string;
  /** What happened, in a closed list; `other` keeps the vendor's own type in `title`. */
  kind:
    | 'triggered'
    | 'started'
    | 'updated'
    | 'resolved'
    | 'paged'
    | 'acknowledged'
    | 'note'
    | 'runbook-failed'
    | 'other';
  title: string;
  /** Words of a note, or null. */
  text: string | null;
  /** Alias of the contact that the event is about, or null. */
  contact: string | null;
}

export type ContactKind = 'person' | 'schedule' | 'plan';

export interface Contact {
  alias: string;
  name: string;
  kind: ContactKind;
}

export type ChannelKind = 'sms' | 'voice' | 'email';

export interface Channel {
  id: string;
  name: string;
  kind: ChannelKind;
  /** Masked: the last two digits, or the domain. The full address never leaves the adapter. */
  address: string;
  activated: boolean;
}

export interface Stage {
  /** Minutes to wait after this stage before the next one. */
  minutes: number;
  targets: (
    | { kind: 'channel'; channelId: string; retryMinutes: number | null }
    | { kind: 'contact'; alias: string; essential: boolean }
  )[];
}

export interface ContactDetail extends Contact {
  channels: Channel[];
  stages: Stage[];
  /** Ids of a schedule's rotations. */
  rotations: string[];
}

export interface Shift {
  rotation: string;
  people: string[];
  from: string;
  to: string;
  override: boolean;
}

export interface Page {
  id: string;
  engagementId: string;
  contact: string;
  incidentId: string | null;
  sender: string;
  sentAt: string;
  deliveredAt: string | null;
  readAt: string | null;
}

export interface Engagement {
  id: string;
  contact: string;
  kind: ContactKind;
  incidentId: string | null;
  sender: string;
  startedAt: string;
  stoppedAt: string | null;
}

export interface Receipt {
  kind: 'sent' | 'delivered' | 'read' | 'error' | 'stop';
  at: string;
  channelId: string | null;
  info: string | null;
}

/** From the outermost contact to the person, each with the stage that led on to the next. */
export type PagePath = { contact: string; kind: ContactKind; stage: number | null }[];

export interface EngageRequest {
  to: string;
  incidentId: string | null;
  sender: string;
  subject: string;
  /** Spoken or mailed; what is known and tried so far. */
  content: string;
  /** Sent by SMS, where others may read it. */
  publicSubject: string;
  publicContent: string;
  token: string;
}
