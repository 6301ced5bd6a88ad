/** One pod's whole life as the monitoring sees it. Times are wall-clock milliseconds since 1970. */
export interface PodLife {
  service: string;
  pod: string;
  /** `ip:port`, the `instance` label of everything scraped from it. */
  instance: string;
  sha: string;
  /** When the pod was created; it is a scrape target from here on. */
  from: number;
  /** When it was removed; null while it exists. */
  until: number | null;
  /** Each change of whether its metrics endpoint answers, in order. Before the first entry it does not. */
  states: { at: number; up: boolean }[];
}
