import type { Contact, ContactKind } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { plain } from '../text/plain.ts';

const KIND_WORDS: Readonly<Record<ContactKind, string>> = {
  person: 'person',
  schedule: 'schedule',
  plan: 'escalation plan',
};

/** What a kind of contact is called. */
export function kindWord(kind: ContactKind): string {
  return KIND_WORDS[kind];
}

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
  const names = contacts.flatMap(({ alias, name }) => [alias, ...name.split(/\s+/), name]);
  const near = nearest(word, new Set([...names, ...alsoKnown]));
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
