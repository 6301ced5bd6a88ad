import type { AlertDetail } from '../alert-event.ts';
import type { WorldClock } from '../clock.ts';
import type { Alerting } from './alerting.ts';
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

const HOUR = 3_600_000;
const PAGES: Route = { receiver: 'sns', repeatMs: 4 * HOUR, sendResolved: true };
const WATCHDOG: Route = { receiver: 'watchdog', repeatMs: 50_000, sendResolved: false };
/** How often Alertmanager looks again at what it holds, in milliseconds of life. */
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
 * The world's Alertmanager: takes the alerts of the rules and sends on those that no silence covers, again after the repeat
 * interval, and once more when they are resolved. A silenced alert sends nothing, not even its end; when a silence ends
 * and the alert still fires, it is sent then.
 */
export class Alertmanager {
  readonly silences: Silences;
  /** Whether Prometheus is configured to send to it. */
  connected = true;
  readonly #clock: WorldClock;
  readonly #alerting: Alerting;
  readonly #sent = new Map<string, Sent>();
  readonly #listeners: ((event: AlertDetail, receiver: string) => void)[] = [];

  constructor({ clock, alerting, silences }: { clock: WorldClock; alerting: Alerting; silences: Silences }) {
    this.#clock = clock;
    this.#alerting = alerting;
    this.silences = silences;
    alerting.onAlert((event) => this.#take(event));
    silences.onChange(() => this.#flush());
    clock.every(FLUSH_MS, () => this.#flush());
  }

  /** Calls `listener` with each notification and the name of the receiver it goes to. */
  onNotification(listener: (event: AlertDetail, receiver: string) => void): void {
    this.#listeners.push(listener);
  }

  /** The alerts that Alertmanager holds, with the silences that cover each. */
  alerts(): { alert: AlertDetail; receiver: string; silencedBy: string[] }[] {
    return (this.connected ? this.#alerting.firing() : [])
      .map((alert) => ({
        alert,
        receiver: routeOf(alert.labels).receiver,
        silencedBy: this.silences.covering(alert.labels),
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
    const waited = this.#clock.waited();
    for (const { alert, receiver, silencedBy } of this.alerts()) {
      if (silencedBy.length > 0) continue;
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
