import type { AlertDetail } from '../alert-event.ts';
import { type SilenceMatcher, silenceMatches } from './silence-matcher.ts';

/** While an alert fires that fits `source`, those that fit `target` and share the labels `equal` are held back. */
export interface InhibitRule {
  source: readonly SilenceMatcher[];
  target: readonly SilenceMatcher[];
  equal: readonly string[];
}

const named = (alert: string): SilenceMatcher => ({ name: 'alertname', value: alert, isRegex: false, isEqual: true });

/** A service that is down fails all its requests: one outage is one page. */
export const INHIBIT_RULES: readonly InhibitRule[] = [
  { source: [named('ServiceDown')], target: [named('HighErrorRatio')], equal: ['service'] },
];

/**
 * The fingerprint of the alert that holds this one back; none when nothing does. Alertmanager names only the first that
 * it finds for each rule. An alert that fits both sides of a rule is not held back by another such one.
 */
export function inhibitors({ labels }: AlertDetail, firing: readonly AlertDetail[]): string[] {
  for (const { source, target, equal } of INHIBIT_RULES) {
    if (!silenceMatches(target, labels)) continue;
    const found = firing.find(
      (other) =>
        silenceMatches(source, other.labels) &&
        equal.every((name) => (other.labels[name] ?? '') === (labels[name] ?? '')) &&
        !(silenceMatches(source, labels) && silenceMatches(target, other.labels)),
    );
    if (found) return [found.fingerprint];
  }
  return [];
}
