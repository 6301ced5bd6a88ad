import type { AlertDetail } from '../alert-event.ts';
import type { WorldClock } from '../clock.ts';
import { NEVER } from './alerting.ts';
import { fingerprint } from './fingerprint.ts';

/** How long an alert that names no end is believed without being repeated: `resolve_timeout`. */
const RESOLVE_TIMEOUT_MS = 5 * 60_000;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** An alert as a client other than the world's Prometheus reports it. Times are milliseconds since 1970. */
export interface AlertReport {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  startsAt: number | null;
  endsAt: number | null;
  generatorURL: string;
}

/** One of them as Alertmanager keeps it. */
export interface PostedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: number;
  endsAt: number;
  updatedAt: number;
  /** The end is Alertmanager's own guess. */
  guessed: boolean;
  generatorURL: string;
  fingerprint: string;
}

/** The alerts that `amtool alert add` and other stock clients report: kept until their end, merged as the real one does. */
export class PostedAlerts {
  readonly #clock: WorldClock;
  readonly #kept = new Map<string, PostedAlert>();

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  /**
   * Takes over every alert that is valid.
   * @returns what is wrong with the others, in Alertmanager's words
   */
  put(reports: readonly AlertReport[]): string[] {
    const now = this.#clock.now();
    return reports.flatMap((report) => {
      const alert = this.#alert(report, now);
      const problem = problemOf(alert);
      if (problem) return [problem];
      const known = this.#kept.get(alert.fingerprint);
      this.#kept.set(alert.fingerprint, known && overlaps(known, alert) ? merged(known, alert, now) : alert);
      return [];
    });
  }

  /** Those that have not ended. */
  firing(): PostedAlert[] {
    const now = this.#clock.now();
    return [...this.#kept.values()].filter(({ endsAt }) => endsAt > now);
  }

  /** Those that have ended; they are forgotten by this. */
  takeEnded(): PostedAlert[] {
    const now = this.#clock.now();
    const ended = [...this.#kept.values()].filter(({ endsAt }) => endsAt <= now);
    for (const { fingerprint } of ended) this.#kept.delete(fingerprint);
    return ended;
  }

  #alert({ startsAt, endsAt, generatorURL, ...report }: AlertReport, now: number): PostedAlert {
    const labels = Object.fromEntries(Object.entries(report.labels).filter(([, value]) => value !== ''));
    return {
      labels,
      annotations: { ...report.annotations },
      startsAt: startsAt ?? endsAt ?? now,
      endsAt: endsAt ?? now + RESOLVE_TIMEOUT_MS,
      updatedAt: now,
      guessed: endsAt === null,
      generatorURL,
      fingerprint: fingerprint(labels),
    };
  }
}

/** The alert in the form in which notifications carry it. */
export function detailOf(alert: PostedAlert, status: AlertDetail['status']): AlertDetail {
  const { labels, annotations, generatorURL, fingerprint, startsAt, endsAt } = alert;
  return {
    status,
    labels,
    annotations,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: status === 'firing' ? NEVER : new Date(endsAt).toISOString(),
    generatorURL,
    fingerprint,
  };
}

/** https://github.com/prometheus/common/blob/v0.38.0/model/alert.go */
function problemOf({ labels, annotations, startsAt, endsAt }: PostedAlert): string | null {
  if (endsAt < startsAt) return 'start time must be before end time';
  const bad = Object.keys(labels).find((name) => !LABEL_NAME.test(name));
  if (bad !== undefined) return `invalid label set: invalid name "${bad}"`;
  if (Object.keys(labels).length === 0) return 'at least one label pair required';
  const odd = Object.keys(annotations).find((name) => !LABEL_NAME.test(name));
  return odd === undefined ? null : `invalid annotations: invalid name "${odd}"`;
}

function overlaps(old: PostedAlert, next: PostedAlert): boolean {
  const inside = (at: number) => at > old.startsAt && at < old.endsAt;
  return inside(next.endsAt) || inside(next.startsAt);
}

/** https://github.com/prometheus/alertmanager/blob/v0.25.0/types/types.go */
function merged(old: PostedAlert, next: PostedAlert, now: number): PostedAlert {
  const resolved = next.endsAt <= now;
  const keepsEnd = old.endsAt > next.endsAt && (resolved ? old.endsAt <= now : !old.guessed);
  return {
    ...next,
    startsAt: Math.min(old.startsAt, next.startsAt),
    endsAt: keepsEnd ? old.endsAt : next.endsAt,
  };
}
