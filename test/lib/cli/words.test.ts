import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { Invocation } from '../../../src/lib/cli/invocation.ts';
import { wordsOf } from '../../../src/lib/cli/words.ts';
import { failing } from '../../support/connection.ts';

function invocation(input: Readable, signal = new AbortController().signal): Invocation {
  return { terminal: { input, inputIsTty: false }, signal } as unknown as Invocation;
}

describe('wordsOf', () => {
  it('joins what was typed, and leaves standard input alone', async () => {
    const input = Readable.from(['unread']);
    assert.equal(await wordsOf(['all', '-', 'well'], invocation(input), () => {}), 'all - well');
    assert.equal(input.readableEnded, false);
  });

  it('reads standard input to its end for a dash', async () => {
    assert.equal(await wordsOf(['-'], invocation(Readable.from(['one\n', 'two'])), () => {}), 'one\ntwo');
  });

  it('ends with Ctrl-C', async () => {
    const interrupt = new AbortController();
    const waiting = wordsOf(['-'], invocation(new Readable({ read() {} }), interrupt.signal), () => {});
    interrupt.abort();
    await assert.rejects(waiting, failing('INTERRUPTED', /Interrupted/));
  });
});
