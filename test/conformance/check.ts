import type { Service } from './aws-model.ts';
import type { Answer } from './wire.ts';

type Members = Record<string, unknown>;

/** One request of a check. In its input, `<name>` stands for what an earlier answer gave, `{ $now: 60 }` for a time. */
export interface Step {
  service: Service;
  operation: string;
  input: Members;
  /** What the practice world answers: `ok`, or the name of the error. */
  expect: string;
  /** What later steps need of the answer: a name, and where it stands, e.g. `Pages.0.PageArn`. */
  save?: Readonly<Record<string, string>>;
}

/** Requests that show whether one behaviour is as documented. */
export interface Check {
  /** Ids of the behaviours in `docs/sandbox-fidelity.md` that it looks at. */
  about: readonly [string, ...string[]];
  /** `read` changes nothing; `write` makes objects of its own and deletes them; `page` rings somebody. */
  kind: 'read' | 'write' | 'page';
  steps: readonly Step[];
  /** Takes away what the steps made, in this order, whatever they came to. */
  cleanup?: readonly Step[];
  /** Only for an account that never had Incident Manager. Other checks are for one that has. */
  neverEnabled?: boolean;
}

/** An account, real or not, that can be asked. */
export interface Account {
  /** Its number. */
  id: string;
  region: string;
  send(service: Service, operation: string, input: Members): Promise<Answer>;
}

/** How a step came out. */
export interface Played {
  step: Step;
  answer: Answer;
}

export interface PlayOptions {
  /** What every object that a check makes begins with, so that it can be told from the account's own. */
  prefix: string;
  /** Alias of the contact that may be paged. */
  pageable?: string | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Hears of what could not be taken away again: the operation, and its error. */
  left?: (operation: string, error: string) => void;
}

/** An input names something that no earlier answer gave, since the account holds nothing of the kind. */
class NothingThere extends Error {}

function filledIn(value: unknown, known: ReadonlyMap<string, unknown>, now: number): unknown {
  if (typeof value === 'string') {
    return value.replace(/<(\w+)>/g, (_, name: string) => {
      const given = known.get(name);
      if (given === undefined) throw new NothingThere(name);
      return String(given);
    });
  }
  if (Array.isArray(value)) return value.map((one) => filledIn(one, known, now));
  if (typeof value !== 'object' || value === null) return value;
  if ('$now' in value) return Math.floor(now / 1000) + Number(value.$now);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filledIn(one, known, now)]));
}

function at(body: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Members | undefined)?.[name], body);
}

/**
 * Plays a check in an account. A step whose outcome is not the expected one ends it, since the later ones build on it, and
 * so does one for which the account holds nothing to look at; what was made is taken away all the same.
 */
export async function play(check: Check, account: Account, options: PlayOptions): Promise<Played[]> {
  const { id, region } = account;
  const known = new Map<string, unknown>(Object.entries({ account: id, region, ...options }));
  async function take(step: Step): Promise<Played | null> {
    let input: Members;
    try {
      input = filledIn(step.input, known, options.now()) as Members;
    } catch (error) {
      if (error instanceof NothingThere) return null;
      throw error;
    }
    const answer = await account.send(step.service, step.operation, input);
    for (const [name, path] of Object.entries(step.save ?? {})) {
      const value = at(answer.body, path);
      if (value !== undefined) known.set(name, value);
    }
    return { step, answer };
  }
  /** Goes on whatever comes of it: the other objects have to go as well. */
  async function takeAway(step: Step): Promise<void> {
    const error = await take(step).then(
      (one) => one?.answer.error ?? null,
      (failure: Error) => failure.name,
    );
    if (error !== null && error !== 'ResourceNotFoundException') options.left?.(step.operation, error);
  }
  const played: Played[] = [];
  try {
    for (const step of check.steps) {
      const one = await take(step);
      if (!one) break;
      played.push(one);
      if ((one.answer.error ?? 'ok') !== step.expect) break;
    }
  } finally {
    for (const step of check.cleanup ?? []) await takeAway(step);
  }
  return played;
}
