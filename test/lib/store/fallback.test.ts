import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorCode, OncallError } from '../../../src/lib/errors.ts';
import { Cache } from '../../../src/lib/store/cache.ts';
import { inTime, lastKnown, type Memory, sharedPatience } from '../../../src/lib/store/fallback.ts';
import { failing } from '../../support/connection.ts';

const never = () => new Promise<never>(() => {});
const out = (code: ErrorCode) => async () => {
  throw new OncallError('it is down', { code, hint: 'Wait.' });
};

describe('falling back on what is known', () => {
  let directory: string;
  let at: number;
  let memory: Memory;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'oncall-fallback-'));
    at = Date.UTC(2026, 0, 2, 3, 0, 0);
    memory = { cache: new Cache(directory, { scope: 'production' }), now: () => at };
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const ask = <T>(answer: () => Promise<T> | T, more: object = {}) =>
    lastKnown<T>({ memory, key: 'who', ask: answer, patience: 10_000, who: 'The pager', ...more });

  it('gives a live answer, and keeps it', async () => {
    assert.deepEqual(await ask(() => ['sam']), { value: ['sam'], cachedAt: null, trouble: null });
    assert.deepEqual((await memory.cache.get('who'))?.value, ['sam']);
  });

  for (const code of ['UNAVAILABLE', 'RATE_LIMITED', 'AUTH'] as const) {
    it(`gives the last one with its age and the reason after ${code}`, async () => {
      await ask(() => ['sam']);
      at += 7_200_000;
      const { value, cachedAt, trouble } = await ask(out(code));
      assert.deepEqual([value, cachedAt, trouble?.message], [['sam'], '2026-01-02T03:00:00.000Z', 'it is down']);
    });
  }

  it('gives the last one when the answer does not come in time, and names who kept us waiting', async () => {
    await ask(() => 'sam');
    const { value, trouble } = await ask(never, { patience: 20 });
    assert.deepEqual([value, trouble?.message], ['sam', 'The pager gave no answer within 0.1 s.']);
  });

  it('keeps an answer that comes too late, while the process lives', async () => {
    await ask(() => 'old');
    let answer: (value: string) => void = () => {};
    const late = new Promise<string>((resolve) => {
      answer = resolve;
    });
    assert.equal((await ask(() => late, { patience: 20 })).value, 'old');
    const put = memory.cache.put.bind(memory.cache);
    const kept = new Promise<void>((resolve) => {
      memory.cache.put = async (...what) => {
        await put(...what);
        resolve();
      };
    });
    answer('new');
    await kept;
    assert.equal((await memory.cache.get('who'))?.value, 'new');
  });

  for (const [what, nothing] of [
    ['null', null],
    ['an empty list', []],
  ] as const) {
    it(`takes ${what} for an answer only while it is live`, async () => {
      await ask<unknown>(() => ['sam']);
      assert.deepEqual((await ask<unknown>(() => nothing)).value, nothing);
      await assert.rejects(ask<unknown>(out('UNAVAILABLE')), failing('UNAVAILABLE', /it is down/));
    });
  }

  it('throws what the source said when nothing is known, and what is no outage in any case', async () => {
    await assert.rejects(ask(out('UNAVAILABLE')), failing('UNAVAILABLE', /it is down → Wait/));
    await ask(() => 'sam');
    for (const code of ['NOT_FOUND', 'INTERRUPTED', 'CONFIG'] as const)
      await assert.rejects(ask(out(code)), failing(code, /it is down/));
  });

  it('waits on where nothing is known, if it is told to', async () => {
    const asked = new Promise<string>((resolve) => setTimeout(resolve, 60, 'late'));
    assert.deepEqual(await ask(() => asked, { patience: 20, waitOn: true }), {
      value: 'late',
      cachedAt: null,
      trouble: null,
    });
    assert.equal((await memory.cache.get('who'))?.value, 'late');
    assert.equal((await ask(never, { patience: 20, waitOn: true })).value, 'late');
  });

  it('shares a patience between questions, and leaves each a moment', () => {
    const left = sharedPatience(3000, () => at);
    assert.equal(left(), 3000);
    at += 1200;
    assert.equal(left(), 1800);
    at += 60_000;
    assert.equal(left(), 300);
    assert.equal(sharedPatience(null, () => at)(), null);
  });

  it('leaves no timer behind', async () => {
    assert.equal(await inTime(Promise.resolve(1), 60_000), 1);
    assert.equal(await inTime(Promise.resolve(1), null), 1);
  });

  describe('the kept file', () => {
    it('belongs to one scope, whose name it does not tell', async () => {
      const prod = new Cache(directory, { scope: 'production https://me:hunter2@prom' });
      await prod.put('who', 'sam', at);
      assert.equal(await new Cache(directory, { scope: 'staging' }).get('who'), null);
      const [file = ''] = await readdir(directory);
      assert.doesNotMatch(await readFile(join(directory, file), 'utf8'), /hunter2|prom/);
    });

    it('counts as absent when an older version wrote it, or when somebody changed it', async () => {
      await memory.cache.put('who', { primary: 'sam' }, at);
      const [file = ''] = await readdir(directory);
      const text = await readFile(join(directory, file), 'utf8');
      for (const changed of [text.replace('"format":1', '"format":0'), text.replace('sam', 'ben'), text.slice(0, -2)]) {
        assert.notEqual(changed, text);
        await writeFile(join(directory, file), changed);
        assert.equal(await memory.cache.get('who'), null);
      }
      await writeFile(join(directory, file), text);
      assert.deepEqual((await memory.cache.get('who'))?.value, { primary: 'sam' });
    });

    it('holds no secret', async () => {
      const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('ghp_secret', '«redacted»')) as T;
      const cache = new Cache(directory, { scope: 'x', clean });
      await cache.put('hold', { reason: 'ghp_secret' }, at);
      assert.deepEqual((await cache.get('hold'))?.value, { reason: '«redacted»' });
    });
  });
});
