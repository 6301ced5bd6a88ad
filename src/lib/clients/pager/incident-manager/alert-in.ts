import type { Alert } from '../pager.ts';

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object from a JSON text, or from an object that already is one; null for anything else. */
export function fieldsIn(value: unknown): Fields | null {
  if (typeof value !== 'string') return isFields(value) ? value : null;
  try {
    const parsed: unknown = JSON.parse(value);
    return isFields(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function strings(value: unknown): Record<string, string> {
  if (!isFields(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}

/**
 * The alert in what opened an incident: an event of the bus whose `detail` is an alert as Alertmanager's webhook
 * spells it, or that alert alone. Null for anything else, such as an alarm, or a text that AWS cut at 10 000 characters.
 */
export function alertIn(raw: string): Alert | null {
  const event = fieldsIn(raw);
  const detail = fieldsIn(event?.['detail']) ?? event;
  const labels = strings(detail?.['labels']);
  if (!detail || !labels['alertname']) return null;
  const text = (key: string) => (typeof detail[key] === 'string' ? detail[key] : '');
  return {
    name: labels['alertname'],
    labels,
    annotations: strings(detail['annotations']),
    startsAt: text('startsAt'),
    fingerprint: text('fingerprint'),
    generatorUrl: text('generatorURL') || null,
  };
}
