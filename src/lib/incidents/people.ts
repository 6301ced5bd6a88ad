import type { Contact } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { plain } from '../text/plain.ts';

/**
 * The contact that a word stands for: its alias, its name, or, in any case of letters, a part of one that fits only
 * this contact.
 * @returns null when nothing fits
 * @throws AMBIGUOUS when a part fits several
 */
export function contactNamed(contacts: readonly Contact[], word: string): Contact | null {
  const wanted = word.trim().toLowerCase();
  if (wanted === '') return null;
  const exact =
    contacts.find(({ alias }) => alias.toLowerCase() === wanted) ??
    contacts.find(({ name }) => name.toLowerCase() === wanted);
  if (exact) return exact;
  const fitting = contacts.filter(
    ({ alias, name }) => name.toLowerCase().includes(wanted) || alias.toLowerCase().includes(wanted),
  );
  // "ana" in "Ana Duarte" is what people type; that it is also inside "Banana" is chance.
  const whole = fitting.filter(({ name }) => name.toLowerCase().split(/\s+/).includes(wanted));
  const [only, ...others] = whole.length === 1 ? whole : fitting;
  if (!only) return null;
  if (others.length === 0) return only;
  throw new OncallError(`"${plain(word)}" fits several contacts.`, {
    code: 'AMBIGUOUS',
    hint: `Name one by its alias: ${fitting.map(({ alias, name }) => `${plain(alias)} (${plain(name)})`).join(', ')}.`,
  });
}

/** Like `contactNamed`, for those who cannot go on without one. @throws NOT_FOUND with near names, AMBIGUOUS */
export function requireContact(contacts: readonly Contact[], word: string): Contact {
  const found = contactNamed(contacts, word);
  if (found) return found;
  throw noContact(contacts, word);
}

/** The error for a word that nobody answers to. `alsoKnown` are other words that would have been understood. */
export function noContact(contacts: readonly Contact[], word: string, alsoKnown: readonly string[] = []): OncallError {
  const names = contacts.flatMap(({ alias, name }) => [alias, name, ...name.split(/\s+/)]);
  const lower = new Map([...names, ...alsoKnown].reverse().map((name) => [name.toLowerCase(), name]));
  const near = nearest(word, lower.values());
  const meant = near.length > 0 ? ` Did you mean ${near.map((one) => `"${plain(one)}"`).join(' or ')}?` : '';
  const people = contacts.map(({ alias }) => plain(alias));
  return new OncallError(`Nobody here is called "${plain(word)}".${meant}`, {
    code: 'NOT_FOUND',
    hint:
      people.length > 0
        ? `Choose one of: ${[...people, ...alsoKnown].join(', ')}.`
        : 'See who is on call with `oncall who`.',
  });
}

/** What those who are rung are told of who asks: that it is not known must not keep anybody from asking for help. */
export function callerName(contacts: readonly Contact[], me: string | null): string {
  return contacts.find(({ alias }) => alias === me)?.name ?? me ?? 'A colleague';
}

/** Why my alias may not be known: nothing tells, or whoever would tell is away. What else is away says so itself. */
const UNTOLD = new Set(['CONFIG', 'UNAVAILABLE', 'RATE_LIMITED', 'AUTH']);

/** Takes the place of my alias where it cannot be found out. Every other error stays one. */
export function nobody(error: unknown): null {
  if (error instanceof OncallError && UNTOLD.has(error.code)) return null;
  throw error;
}
