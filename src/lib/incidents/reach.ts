import type { ChannelKind, Contact, ContactKind, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import type { Directory } from '../paging/contact.ts';
import { type Ring, ringsIfNobodyAnswers } from '../paging/rings.ts';
import { plain } from '../text/plain.ts';
import { readDirectory } from './still-to-ring.ts';

/** One ring that is to come. Times are ISO 8601 UTC. */
export interface PlannedRing {
  person: string;
  name: string;
  at: string;
  channel: ChannelKind;
  channelId: string;
}

/** Whom engaging a contact would ring, and when, if nobody ever answered. */
export interface Reach {
  contact: string;
  name: string;
  kind: ContactKind;
  rings: PlannedRing[];
}

/** Rings of the arithmetic in the words of a result. */
export function plannedRings(rings: readonly Ring[], directory: Directory): PlannedRing[] {
  return rings.map(({ person, at, channel, channelKind }) => ({
    person,
    name: directory(person)?.name ?? person,
    at: new Date(at).toISOString(),
    channel: channelKind,
    channelId: channel,
  }));
}

/** The first ring of each person, in order of time. */
export function firstRings(rings: readonly PlannedRing[]): PlannedRing[] {
  const first = new Map<string, PlannedRing>();
  for (const ring of rings) if (!first.has(ring.person)) first.set(ring.person, ring);
  return [...first.values()];
}

/** The people who are rung first: all of one person or schedule, and of a plan those of its first stage. */
export function rungFirst(reach: Reach): { person: string; name: string }[] {
  const first = firstRings(reach.rings);
  const begin = first[0] ? Date.parse(first[0].at) : 0;
  return first
    .filter(({ at }) => reach.kind !== 'plan' || Date.parse(at) - begin < 60_000)
    .map(({ person, name }) => ({ person, name }));
}

/**
 * Whom engaging a contact now would ring.
 * @param now milliseconds since 1970
 * @throws REFUSED when it would ring nobody, with what is missing
 */
export async function reachOf(pager: Pager, contact: Contact, now: number): Promise<Reach> {
  const directory = await readDirectory(pager, [contact.alias], now);
  const rings = ringsIfNobodyAnswers(directory, contact.alias, now);
  if (rings.length === 0) throw unreachable(contact, directory);
  return {
    contact: contact.alias,
    name: contact.name,
    kind: contact.kind,
    rings: plannedRings(rings, directory),
  };
}

function unreachable({ alias, name, kind }: Contact, directory: Directory): OncallError {
  const shown = plain(name);
  const found = directory(alias);
  if (kind === 'person') {
    const channels = found?.kind === 'person' ? found.channels : [];
    const why =
      channels.length === 0
        ? 'has no phone or e-mail address in the pager'
        : channels.some(({ activated }) => activated)
          ? 'has no engagement plan that uses an activated channel'
          : `has not activated any of ${channels.length} channel${channels.length === 1 ? '' : 's'}`;
    return new OncallError(`${shown} cannot be rung: ${shown} ${why}. Nothing was sent.`, {
      code: 'REFUSED',
      hint: 'Ring somebody else: see `oncall who`.',
    });
  }
  const what = kind === 'schedule' ? 'nobody on call in it now' : 'nobody in it';
  return new OncallError(`"${shown}" would ring nobody: there is ${what} whose phone is set up. Nothing was sent.`, {
    code: 'REFUSED',
    hint: 'Ring a person instead: see `oncall who`.',
  });
}
