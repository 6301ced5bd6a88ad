import type { Incident } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { type WillRing, whoWillRing } from '../incidents/acknowledge.ts';
import { inTime, PATIENCE } from '../store/fallback.ts';
import { type Briefing, brief } from './brief.ts';
import type { Sources } from './sources.ts';

/** What an acknowledgement is followed by. */
export interface Card {
  /** Who will still be rung; null when the pager did not tell. Never out of a cache: it is half of a proof. */
  stillToRing: WillRing[] | null;
  /** Why that is not known; null when it is. */
  ringsUnknown: OncallError | null;
  briefing: Briefing;
}

/** Asks everything at once, and takes three seconds at the most. What cannot be had costs its own part only. */
export async function readCard(sources: Sources, incident: Incident): Promise<Card> {
  const rings = inTime(whoWillRing(sources.pager, incident.id, sources.now()), PATIENCE, 'The pager').catch(
    (error: unknown) => {
      if (error instanceof OncallError && error.code !== 'INTERRUPTED') return error;
      throw error;
    },
  );
  const [told, briefing] = await Promise.all([rings, brief(sources, incident)]);
  const unknown = told instanceof OncallError ? told : null;
  return { stillToRing: told instanceof OncallError ? null : told, ringsUnknown: unknown, briefing };
}

/** Why it is not proven that the phone stays quiet; null when it is. */
export function notStopped(readAt: string | null, { stillToRing: rings, ringsUnknown }: Card): OncallError | null {
  if (rings === null) {
    return new OncallError(
      `Your page is acknowledged, but it is not known whether somebody else will still be rung: ${ringsUnknown?.message ?? ''}`,
      { code: 'NOT_VERIFIED', hint: 'Look again with `oncall incident show`.' },
    );
  }
  if (rings.length === 0) {
    if (readAt !== null) return null;
    return new OncallError('The acknowledgement could not be verified in time.', {
      code: 'NOT_VERIFIED',
      hint: 'Look again with `oncall now`.',
    });
  }
  const who = rings.map(({ name }) => name).join(', ');
  const own = rings.every(({ alreadyPaged }) => alreadyPaged);
  return new OncallError(`Your page is acknowledged, but ${who} will still be rung.`, {
    code: 'NOT_VERIFIED',
    hint: own
      ? 'Tell them that you have it: they were paged before you answered, and their phone goes on by itself.'
      : 'Tell them that you have it. For the next time, mark your stage of the escalation plan as essential, so that an acknowledgement ends it.',
  });
}
