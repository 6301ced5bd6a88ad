import type { Alertmanager, Silence, SilenceDraft } from '../clients/alertmanager/alertmanager.ts';
import { OncallError } from '../errors.ts';
import { endSilence, isDoubtful } from './add-silence.ts';
import { sameMatchers } from './matchers.ts';

/** How long each short silence lasts, and how much is left of it when it is renewed: milliseconds. */
export const SHORT_MS = 15 * 60_000;
const RENEW_MS = 5 * 60_000;
const LOOK_MS = 15_000;
/** So many looks in a row without the alert are wanted before it counts as resolved. */
const IN_A_ROW = 2;

/** What happens while a silence is kept up. `until` is in milliseconds since 1970. */
export type KeepEvent =
  | { kind: 'watching'; alerts: number; until: number }
  | { kind: 'renewed'; id: string; until: number; replaced: boolean }
  | { kind: 'away'; message: string; until: number }
  | { kind: 'back' };

export interface Kept {
  /** `ended`: somebody else ended it. `cap`: its longest time is over, and the alert still fires. */
  end: 'resolved' | 'ended' | 'cap' | 'interrupted';
  id: string;
  /** When it ends, or has ended: milliseconds since 1970. */
  until: number;
  renewals: number;
  /** Why it could not be ended although the alert is over; it runs out then. */
  trouble: string | null;
}

export interface Keeping {
  alertmanager: Alertmanager;
  /** The short silence that is in force. */
  draft: SilenceDraft & { id: string };
  /** When it ends at the latest, in milliseconds since 1970. */
  cap: number;
  now: () => number;
  /** Resolves after so many milliseconds; rejects with INTERRUPTED on Ctrl-C. */
  wait: (ms: number) => Promise<void>;
  onEvent: (event: KeepEvent) => void;
}

/**
 * Keeps a short silence up while its alerts fire, and ends it when they are over: whoever walks away leaves no more than a
 * quarter of an hour of silence behind. It looks before each write, and a write that failed is looked for at the next
 * look before there is another one. A silence that somebody else has ended is left ended.
 * @throws what Alertmanager says that no waiting mends
 */
export async function keepSilenced(keeping: Keeping): Promise<Kept> {
  const { alertmanager, cap, now, wait, onEvent } = keeping;
  const state: State = {
    id: keeping.draft.id,
    until: Date.parse(keeping.draft.endsAt),
    renewals: 0,
    quiet: 0,
    away: false,
  };
  const result = (end: Kept['end'], trouble: string | null = null): Kept => {
    const { id, until, renewals } = state;
    return { end, id, until, renewals, trouble };
  };
  try {
    for (;;) {
      await wait(LOOK_MS);
      const seen = await look(keeping, state);
      if (!seen) {
        if (now() >= cap) return result('cap');
        continue;
      }
      const { current, alerts } = seen;
      if (current) follow(current, state);
      if (wasEnded(current, state)) return result('ended');
      state.quiet = alerts === 0 ? state.quiet + 1 : 0;
      if (state.quiet >= IN_A_ROW) return result('resolved', await end(state, { alertmanager, wait }));
      if (now() >= cap) return result('cap');
      onEvent({ kind: 'watching', alerts, until: state.until });
      const due = current === null || (state.until - now() <= RENEW_MS && state.until < cap);
      if (due && alerts > 0) await renew(current, keeping, state);
    }
  } catch (error) {
    if (error instanceof OncallError && error.code === 'INTERRUPTED') return result('interrupted');
    throw error;
  }
}

interface State {
  id: string;
  until: number;
  renewals: number;
  quiet: number;
  away: boolean;
}

/** Null while Alertmanager does not answer; that is said once, and again when it is back. */
async function look(
  { alertmanager, draft, onEvent }: Keeping,
  state: State,
): Promise<{ current: Silence | null; alerts: number } | null> {
  try {
    const [alerts, silences] = await Promise.all([alertmanager.alerts(draft.matchers), alertmanager.silences()]);
    if (state.away) onEvent({ kind: 'back' });
    state.away = false;
    return { current: currentOf(silences, draft, state), alerts: alerts.length };
  } catch (error) {
    if (!passes(error)) throw error;
    state.quiet = 0;
    if (!state.away) onEvent({ kind: 'away', message: error.message, until: state.until });
    state.away = true;
    return null;
  }
}

function passes(error: unknown): error is OncallError {
  return error instanceof OncallError && ['UNAVAILABLE', 'RATE_LIMITED', 'AUTH'].includes(error.code);
}

/** The silence by its id, unless a renewal with a lost answer has put another one in its place. */
function currentOf(silences: readonly Silence[], draft: SilenceDraft, { id }: State): Silence | null {
  const byId = silences.find((silence) => silence.id === id) ?? null;
  if (byId && byId.state !== 'expired') return byId;
  const heir = silences.find(
    (one) =>
      one.state !== 'expired' &&
      one.createdBy === draft.createdBy &&
      one.comment === draft.comment &&
      sameMatchers(one.matchers, draft.matchers),
  );
  return heir ?? byId;
}

/** Takes over what a renewal with a lost answer, or somebody else, has made of the silence. */
function follow(current: Silence, state: State): void {
  if (current.state === 'expired') return;
  state.id = current.id;
  state.until = Date.parse(current.endsAt);
}

/** One that ran out by itself ended when it was meant to. */
function wasEnded(current: Silence | null, { until }: State): boolean {
  return current?.state === 'expired' && Date.parse(current.endsAt) < until - 1000;
}

async function renew(
  current: Silence | null,
  { alertmanager, draft, cap, now, onEvent }: Keeping,
  state: State,
): Promise<void> {
  const wanted = Math.min(now() + SHORT_MS, cap);
  const over = current === null || current.state === 'expired';
  try {
    const id = await alertmanager.putSilence({
      ...draft,
      id: over ? null : current.id,
      // Only its end may change if it shall keep its id.
      startsAt: over ? new Date(now()).toISOString() : current.startsAt,
      endsAt: new Date(wanted).toISOString(),
    });
    const replaced = id !== state.id;
    Object.assign(state, { id, until: wanted, renewals: state.renewals + 1 });
    onEvent({ kind: 'renewed', id, until: wanted, replaced });
  } catch (error) {
    if (!passes(error)) throw error;
    state.away = true;
    onEvent({ kind: 'away', message: error.message, until: state.until });
  }
}

/** @returns why it could not be ended; null when it is */
async function end(state: State, writing: Parameters<typeof endSilence>[1]): Promise<string | null> {
  try {
    await endSilence(state.id, writing);
    return null;
  } catch (error) {
    if (!isDoubtful(error) && !(error instanceof OncallError && error.code === 'NOT_VERIFIED')) throw error;
    return error.message;
  }
}
