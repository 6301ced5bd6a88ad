import { type Firing, isWatcher } from './firing.ts';

/** What of the alerts is asked for. */
export interface FiringFilter {
  /** The value of a label that names services, or the name of an alert; null takes all. */
  subject: string | null;
  /** Also those that are held back. */
  suppressed: boolean;
  /** Also those that only watch the pipeline. */
  watchers: boolean;
}

/** The alerts that are asked for, and how many more there are of each kind that is left out. */
export function chosen(
  alerts: readonly Firing[],
  filter: FiringFilter,
): { shown: Firing[]; suppressed: number; watchers: number } {
  const { subject } = filter;
  const about = alerts.filter((alert) => subject === null || alert.name === subject || alert.service === subject);
  // Who names the Watchdog wants to see it.
  const heard = about.filter((alert) => filter.watchers || alert.name === subject || !isWatcher(alert));
  const shown = heard.filter(({ state }) => filter.suppressed || state !== 'suppressed');
  return { shown, suppressed: heard.length - shown.length, watchers: about.length - heard.length };
}
