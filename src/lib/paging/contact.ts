/**
 * Who can be paged, in plain data that any pager's answers can be turned into. Instants are milliseconds since 1970,
 * durations are minutes, and every `id` is whatever the pager calls the thing.
 */

export type ChannelKind = 'sms' | 'voice' | 'email';

export interface Channel {
  id: string;
  kind: ChannelKind;
  /** A channel that its owner never activated is never rung. */
  activated: boolean;
}

/** One step of a person's own plan: these channels ring at its start, and the next step comes `minutes` later. */
export interface PersonStage {
  minutes: number;
  /** Each rings again every `retryMinutes` until the step is over; null or 0: it rings once. */
  channels: readonly { channel: string; retryMinutes: number | null }[];
}

export interface Person {
  kind: 'person';
  id: string;
  name: string;
  channels: readonly Channel[];
  stages: readonly PersonStage[];
}

/** One step of an escalation plan: these contacts are engaged at its start, and the next step comes `minutes` later. */
export interface PlanStage {
  minutes: number;
  /** People and schedules. An acknowledgement by someone reached through an `essential` one ends the plan. */
  targets: readonly { contact: string; essential: boolean }[];
}

export interface EscalationPlan {
  kind: 'plan';
  id: string;
  name: string;
  stages: readonly PlanStage[];
}

/** A rota, as the shifts around the time in question. Several may run at once. */
export interface Schedule {
  kind: 'schedule';
  id: string;
  name: string;
  shifts: readonly { people: readonly string[]; from: number; until: number }[];
}

export type Contact = Person | EscalationPlan | Schedule;

/** Finds a contact by its id; undefined when it is gone, in which case nobody is rung in its place. */
export type Directory = (id: string) => Contact | undefined;

/** One contact on the way from what was engaged to who is rung. `stage` is the plan's stage that led to it. */
export interface PathStep {
  contact: string;
  kind: Contact['kind'];
  stage: number | null;
}

/** A person that a stage reaches, and how. */
export interface Reached {
  person: string;
  /** Stage of the escalation plan, counted from 0; null when no plan was engaged. */
  stage: number | null;
  essential: boolean;
  /** From what was engaged down to the person. */
  path: readonly PathStep[];
}
