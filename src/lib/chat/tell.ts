import { OncallError } from '../errors.ts';
import { type Delivered, deliver } from './deliver.ts';
import { clipped } from './words.ts';

/** Longer texts do not fit on an incident's timeline. */
const LONGEST_RECORD = 6000;

/** What a message was for, as the record has it. */
export type Purpose = 'customers' | 'responders' | 'question';

const DONE: Readonly<Record<Purpose, string>> = {
  customers: 'Told the customers on Discord',
  responders: 'Told the responders on Discord',
  question: 'Asked the team on Discord',
};
const IN_DOUBT: Readonly<Record<Purpose, string>> = {
  customers: 'Perhaps, or in part, told the customers on Discord (it was not confirmed)',
  responders: 'Perhaps, or in part, told the responders on Discord (it was not confirmed)',
  question: 'Perhaps, or in part, asked the team on Discord (it was not confirmed)',
};

/**
 * Delivers messages and has written down what was said: also when nobody knows whether it was, since customers may have
 * read it.
 * @throws as `deliver` does
 */
export async function tell(
  request: Parameters<typeof deliver>[0] & {
    purpose: Purpose;
    words: string;
    record(timeline: string, link: string | null): Promise<void>;
  },
): Promise<Delivered> {
  const { purpose, words, record } = request;
  const said = clipped(words, LONGEST_RECORD);
  let some = false;
  let delivered: Delivered;
  const onPosted = () => {
    some = true;
  };
  try {
    delivered = await deliver({ ...request, onPosted });
  } catch (error) {
    const doubtful = error instanceof OncallError && error.code === 'NOT_VERIFIED';
    if (some || doubtful) await record(`${IN_DOUBT[purpose]}: ${said}`, null);
    throw error;
  }
  await record(`${DONE[purpose]}: ${said}`, delivered.link);
  return delivered;
}
