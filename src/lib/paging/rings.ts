import type { ChannelKind, Contact, Directory, Reached } from './contact.ts';
import { attemptsOf, reachedByStage, reachedDirectly, stageOffsets } from './reach.ts';

/** One phone ringing (or one mail arriving) at one instant. */
export interface Ring extends Reached {
  at: number;
  channel: string;
  channelKind: ChannelKind;
  /** 1 for the first ring of this channel in its stage, 2 for its first repetition, … */
  attempt: number;
}

/** Every ring of the person reached, in order, if their own plan begins at `startsAt` and they never answer. */
export function ringsOf(directory: Directory, reached: Reached, startsAt: number): Ring[] {
  const person = directory(reached.person);
  if (person?.kind !== 'person') return [];
  const kinds = new Map(person.channels.map(({ id, kind }) => [id, kind]));
  return attemptsOf(person).map(({ offset, channel, attempt }) => ({
    ...reached,
    at: startsAt + offset,
    channel,
    channelKind: kinds.get(channel) as ChannelKind,
    attempt,
  }));
}

/** Whom engaging `contact` reaches and when: the stages of a plan, or the contact itself at once. */
export function reachedInTime(directory: Directory, contact: Contact, startsAt: number) {
  if (contact.kind !== 'plan') return [{ at: startsAt, reached: reachedDirectly(directory, contact, startsAt) }];
  return stageOffsets(contact.stages).map((offset, stage) => {
    const at = startsAt + offset;
    return { at, reached: reachedByStage(directory, contact, { stage, at }) };
  });
}

/**
 * Everyone who would ring, and when, if `contact` (a person, schedule or plan) were engaged at `startsAt` and nobody
 * ever answered. In order of time; empty if there is no such contact, or nobody to ring.
 */
export function ringsIfNobodyAnswers(directory: Directory, contact: string, startsAt: number): Ring[] {
  const engaged = directory(contact);
  if (!engaged) return [];
  return inOrder(
    reachedInTime(directory, engaged, startsAt).flatMap(({ at, reached }) =>
      reached.flatMap((one) => ringsOf(directory, one, at)),
    ),
  );
}

export function inOrder(rings: readonly Ring[]): Ring[] {
  return [...rings].sort((a, b) => a.at - b.at);
}
