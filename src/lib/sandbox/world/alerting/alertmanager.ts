import type { AlertDetail } from '../alert-event.ts';
import type { WorldClock } from '../clock.ts';
import type { Alerting } from './alerting.ts';
import { inhibitors } from './inhibition.ts';
import { type AlertReport, detailOf, PostedAlerts } from './posted-alerts.ts';
import type { Silences } from './silences.ts';

/**
 * How Alertmanager sends the alerts of one severity on. Nothing waits to be grouped: a wait to group pages would be a
 * wait to be woken.
 */
export interface Route {
  receiver: string;
  /** How long after a notification the same firing is notified again, in milliseconds of life. */
  repeatMs: number;
  sendResolved: boolean;
}

/** An alert that Alertmanager holds, and what keeps it from being sent. Times are milliseconds since 1970. */
export interface HeldAlert {
  alert: AlertDetail;
  receiver: string;
  silencedBy: string[];
  inhibitedBy: string[];
  /** Until when it is believed without being repeated, and when it was last reported; null means just now. */
  endsAt: number | null;
  updatedAt: number | null;
}

const HOUR = 3_600_000;
const PAGES: Route = { receiver: 'sns', repeatMs: 4 * HOUR, sendResolved: true };
const WATCHDOG: Route = { receiver: 'watchdog', repeatMs: 50_000, sendResolved: false };
/** `group_interval`: how often Alertmanager looks again at what it holds, in milliseconds of life. */
const FLUSH_MS = 30_000;

export function routeOf(labels: Readonly<Record<string, string>>): Route {
  return labels['severity'] === 'none' ? WATCHDOG : PAGES;
}

interface Sent {
  /** Of the firing that was sent: an alert that fires again is sent again. */
  startsAt: string;
  waited: number;
}

/**
 * The world's Alertmanager: takes the alerts of the rules, and those that others report, and sends on what no silence and
 * no other alert holds back, again after the repeat interval, and once more when they are resolved. A silenced alert
 * sends nothing, not even its end; when a silence ends and the alert still fires, it is sent at the next look.
 */
export class Alertmanager {
  readonly silences: Silences;
  /** Whether Prometheus is configured to send to it. */
  connected = true;
  readonly #clock: WorldClock;
  readonly #alerting: Alerting;
  readonly #posted: PostedAlerts;
  readonly #sent = new Map<string, Sent>();
  readonly #listeners: ((event: AlertDetail, receiver: string) => void)[] = [];

  constructor({ clock, alerting, silences }: { clock: WorldClock; alerting: Alerting; silences: Silences }) {
    this.#clock = clock;
    this.#alerting = alerting;
    this.#posted = new PostedAlerts(clock);
    this.silences = silences;
    alerting.onAlert((event) => this.#take(event));
    clock.every(FLUSH_MS, () => this.#flush());
  }

  /** Calls `listener` with each notification and the name of the receiver it goes to. */
  onNotification(listener: (event: AlertDetail, receiver: string) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Takes over what a client other than Prometheus reports.
   * @returns what is wrong with those that were not taken, in Alertmanager's words
   */
  report(reports: readonly AlertReport[]): string[] {
    const problems = this.#posted.put(reports);
    this.#flush();
    return problems;
  }

  /** The alerts that Alertmanager holds, with what holds each back. */
  alerts(): HeldAlert[] {
    const byRules = this.connected ? this.#alerting.firing() : [];
    const known = new Set(byRules.map(({ fingerprint }) => fingerprint));
    const posted = this.#posted.firing().filter(({ fingerprint }) => !known.has(fingerprint));
    const held = [
      ...byRules.map((alert) => ({ alert, endsAt: null, updatedAt: null })),
      ...posted.map((one) => ({ alert: detailOf(one, 'firing'), endsAt: one.endsAt, updatedAt: one.updatedAt })),
    ];
    const firing = held.map(({ alert }) => alert);
    return held
      .map((one) => ({
        ...one,
        receiver: routeOf(one.alert.labels).receiver,
        silencedBy: this.silences.covering(one.alert.labels),
        inhibitedBy: inhibitors(one.alert, firing),
      }))
      .sort((a, b) => (a.alert.fingerprint < b.alert.fingerprint ? -1 : 1));
  }

  #take(event: AlertDetail): void {
    if (!this.connected) return;
    const route = routeOf(event.labels);
    if (event.status === 'firing') {
      this.#flush();
      return;
    }
    const sent = this.#sent.get(event.fingerprint);
    this.#sent.delete(event.fingerprint);
    if (!sent || !route.sendResolved || this.silences.covering(event.labels).length > 0) return;
    this.#notify(event, route.receiver);
  }

  #flush(): void {
    for (const ended of this.#posted.takeEnded()) this.#take(detailOf(ended, 'resolved'));
    const waited = this.#clock.waited();
    for (const { alert, receiver, silencedBy, inhibitedBy } of this.alerts()) {
      if (silencedBy.length > 0 || inhibitedBy.length > 0) continue;
      const sent = this.#sent.get(alert.fingerprint);
      const due = sent?.startsAt !== alert.startsAt || waited - sent.waited >= routeOf(alert.labels).repeatMs;
      if (!due) continue;
      this.#sent.set(alert.fingerprint, { startsAt: alert.startsAt, waited });
      this.#notify(alert, receiver);
    }
  }

  #notify(event: AlertDetail, receiver: string): void {
    for (const listener of this.#listeners) listener(event, receiver);
  }
}
