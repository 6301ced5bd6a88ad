import type { Random } from '../random.ts';
import type { PodTemplate } from './objects.ts';

/** The letters of generated names: no vowels and nothing that looks like another, so that no word appears by accident. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** The five characters after the last dash of a pod's name. */
export function nameSuffix(random: Random): string {
  return random.text(5, SAFE);
}

/** A number out of a text: FNV-1a, 32 bits. */
export function textHash(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash >>> 0;
}

/**
 * The `pod-template-hash` of a template. The same template gives the same hash, which is why going back to an old
 * revision finds its replica set again. Key order does not matter, because a client may send the keys in its own.
 */
export function templateHash(template: PodTemplate): string {
  const text = String(textHash(JSON.stringify(ordered(template))));
  return [...text].map((digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join('');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([key, entry]) => key !== 'creationTimestamp' && entry !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, ordered(entry)]));
}
