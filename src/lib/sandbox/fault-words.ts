import type { Fault } from './faults.ts';

const KINDS: Readonly<Record<Fault['kind'], string>> = {
  '401': 'refuses the sign-in (401, or what the service has for it)',
  '403': 'says that it is not allowed (403)',
  '429': 'says that it is asked too often (429, try again in 1 s)',
  '500': 'fails on its side (500)',
  '503': 'says that it is away (503)',
  slow: 'answers only after 30 s',
  cut: 'does what was asked, and breaks its answer off in the middle',
  malformed: 'answers with half a JSON document',
  refused: 'hangs up without an answer, and does nothing',
  lost: 'does what was asked, and hangs up without an answer',
};

/** What a fault does, in a sentence without its end: `github fails on its side (500): every request`. */
export function faultWords(fault: Fault): string {
  const { face, kind, rate, count, after, match, echo } = fault;
  const some = rate < 1 ? `${Math.round(rate * 100)} % of the requests` : 'every request';
  const limit = count === null ? some : `${rate < 1 ? `${some}, at most ` : 'the next '}${count === 1 ? 'one' : count}`;
  const about = match === null ? '' : ` with "${match}" in the path or operation`;
  const from = after > 0 ? `, from the ${ordinal(after + 1)} on` : '';
  return `${face} ${KINDS[kind]}${echo ? ', repeating the request’s headers' : ''}: ${limit}${about}${from}`;
}

/** Whether it will hit nothing more. */
export function isSpent({ count, hits }: Fault): boolean {
  return count !== null && hits >= count;
}

function ordinal(n: number): string {
  const ends: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };
  return `${n}${(n % 100 > 10 && n % 100 < 14 ? '' : ends[n % 10]) || 'th'}`;
}
