import type { GitHub } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';
import type { ApiCall } from './api-call.ts';
import type { HoldGate } from './hold-gate.ts';

/** The Actions variable that a deploy workflow reads before it deploys. */
export const HOLD_VARIABLE = 'DEPLOY_HOLD';
export const HOLD_MS = 8 * 3_600_000;

/** Deploys of a service are held back, by whom, why and until when. Times are ISO 8601 UTC; what nobody said is null. */
export interface Hold {
  service: string | null;
  reason: string | null;
  by: string | null;
  since: string | null;
  until: string | null;
}

/** The hold that the variable's text describes. Text that somebody set by hand is taken for the reason. */
export function readHoldText(text: string): Hold {
  const none: Hold = { service: null, reason: null, by: null, since: null, until: null };
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      const told = value as Record<string, unknown>;
      const word = (key: keyof Hold) => (typeof told[key] === 'string' && told[key] ? (told[key] as string) : null);
      const time = (key: 'since' | 'until') => (Number.isNaN(Date.parse(word(key) ?? '')) ? null : word(key));
      return {
        service: word('service'),
        reason: word('reason'),
        by: word('by'),
        since: time('since'),
        until: time('until'),
      };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { ...none, reason: text };
}

/** The hold of a repository; null when there is none. One whose time has run out counts until it is released. */
export async function readHold(github: GitHub, repository: string): Promise<Hold | null> {
  const text = await github.variable(repository, HOLD_VARIABLE);
  return text === null || text.trim() === '' ? null : readHoldText(text);
}

/** Whether two holds say the same. */
function sameHold(a: Hold, b: Hold): boolean {
  return (['service', 'reason', 'by', 'since', 'until'] as const).every((key) => a[key] === b[key]);
}

/**
 * Sets the hold and reads it back. After a doubtful answer it only looks: nothing is written twice.
 * @throws NOT_VERIFIED when what is read back is something else
 */
export async function setHold(github: GitHub, repository: string, hold: Hold): Promise<void> {
  let doubt: unknown = null;
  try {
    await github.setVariable(repository, HOLD_VARIABLE, JSON.stringify(hold));
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    doubt = error;
  }
  const found = await readHold(github, repository);
  if (found && sameHold(found, hold)) return;
  if (doubt) throw doubt;
  throw new OncallError(`The hold was set, but ${HOLD_VARIABLE} of ${repository} reads differently.`, {
    code: 'NOT_VERIFIED',
    hint: `Look at it: \`gh variable get ${HOLD_VARIABLE} -R ${repository}\``,
  });
}

/** Removes the hold and looks that it is gone. @throws NOT_VERIFIED when it is still there */
export async function removeHold(github: GitHub, repository: string): Promise<void> {
  let doubt: unknown = null;
  try {
    await github.deleteVariable(repository, HOLD_VARIABLE);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    doubt = error;
  }
  if ((await readHold(github, repository)) === null) return;
  if (doubt) throw doubt;
  throw new OncallError(`The hold was removed, but ${HOLD_VARIABLE} of ${repository} is still set.`, {
    code: 'NOT_VERIFIED',
    hint: `Look at it: \`gh variable get ${HOLD_VARIABLE} -R ${repository}\``,
  });
}

/**
 * Whether the deploy workflow stops while the hold is set. Where it does not, a hold is only a notice that people may
 * overlook.
 * @returns null when that could not be read or not be decided
 */
export async function holdIsRead(github: GitHub, repository: string, workflow: string): Promise<boolean | null> {
  try {
    return (await readHoldGate(github, repository, workflow))?.stops ?? null;
  } catch (error) {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  }
}

/** How the deploy workflow of the default branch meets the hold; null when there is no such workflow. */
export async function readHoldGate(github: GitHub, repository: string, workflow: string): Promise<HoldGate | null> {
  const text = await github.file(repository, `.github/workflows/${workflow}`);
  if (text === null) return null;
  // A parser of YAML is not loaded by those who only look at the hold itself.
  const { holdGate } = await import('./hold-gate.ts');
  return holdGate(text, HOLD_VARIABLE);
}

/**
 * The call by which `setHold` takes effect, for `--dry-run`. GitHub wants POST for a variable that is not there yet; the
 * client finds that out by a PATCH, which then changes nothing.
 */
export function setHoldCall(repository: string, hold: Hold, before: Hold | null): ApiCall {
  const body = { name: HOLD_VARIABLE, value: JSON.stringify(hold) };
  const path = `/repos/${repository}/actions/variables`;
  return before ? { method: 'PATCH', path: `${path}/${HOLD_VARIABLE}`, body } : { method: 'POST', path, body };
}

export function removeHoldCall(repository: string): ApiCall {
  return { method: 'DELETE', path: `/repos/${repository}/actions/variables/${HOLD_VARIABLE}`, body: null };
}

/** Whose hold it will be: my alias, or, where the pager does not tell, my GitHub login. */
export async function holder(me: () => Promise<string>, github: GitHub | null): Promise<string> {
  const passOver = (error: unknown) => {
    if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
    throw error;
  };
  return (await me().catch(passOver)) ?? (await github?.whoAmI().catch(passOver))?.login ?? 'unknown';
}
