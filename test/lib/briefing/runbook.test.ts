import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunbook } from '../../../src/lib/briefing/runbook.ts';
import type { Sources } from '../../../src/lib/briefing/sources.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import type { Subject } from '../../../src/lib/incidents/subject.ts';
import { Cache } from '../../../src/lib/store/cache.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 0, 0);
const TEXT = '# Down\n\n## Triage\n\n1. Is it real?\n';

describe('where a runbook begins', () => {
  let directory: string;
  let asked: string[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'oncall-runbook-'));
    asked = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function read(runbook: string, texts: Record<string, string>, more: { out?: boolean; now?: number } = {}) {
    const { out = false, now = NOW } = more;
    const github = {
      async file(repository: string, path: string) {
        asked.push(`${repository} ${path}`);
        if (out) throw new OncallError('GitHub is down.', { code: 'UNAVAILABLE' });
        return texts[`${repository} ${path}`] ?? null;
      },
    };
    const memory = { cache: new Cache(directory, { scope: 'x' }), now: () => now };
    const sources = { memory, github, textBeside: async (path: string) => texts[path] ?? null } as unknown as Sources;
    const service = { runbook, repository: 'dolthub/api' } as Service;
    return readRunbook(sources, { service, alert: null } as unknown as Subject, 1000);
  }

  it('in a file beside the configuration, without asking anybody', async () => {
    const { value, missing } = await read('books/api.md', { 'books/api.md': TEXT });
    assert.deepEqual([value?.firstStep?.text, value?.firstStep?.stage, missing], ['Is it real?', 'Triage', null]);
    assert.deepEqual(asked, []);
  });

  it('in a file of the service’s repository', async () => {
    const { value } = await read('books/api.md', { 'dolthub/api books/api.md': TEXT });
    assert.equal(value?.firstStep?.text, 'Is it real?');
  });

  for (const address of [
    'https://github.com/dolthub/books/blob/main/on%20call/api.md#triage',
    'https://raw.githubusercontent.com/dolthub/books/main/on%20call/api.md',
    'https://raw.githubusercontent.com/dolthub/books/refs/heads/main/on%20call/api.md?x=1',
  ]) {
    it(`at ${address}`, async () => {
      const { value } = await read(address, { 'dolthub/books on call/api.md': TEXT });
      assert.equal(value?.firstStep?.text, 'Is it real?');
      assert.equal(value?.path, address);
    });
  }

  it('is as it was, with its age, when GitHub is down', async () => {
    const address = 'https://github.com/dolthub/books/blob/main/api.md';
    await read(address, { 'dolthub/books api.md': TEXT });
    const { value, cachedAt, missing } = await read(address, {}, { out: true, now: NOW + 7_200_000 });
    assert.deepEqual([value?.firstStep?.text, cachedAt], ['Is it real?', '2026-01-02T03:00:00.000Z']);
    assert.equal(missing, 'Runbook as of 2h ago, from cache: GitHub is down.');
  });

  it('is only an address where the text cannot be read from here', async () => {
    const address = 'https://wiki.example.com/api';
    assert.deepEqual(await read(address, {}), {
      value: { path: address, firstStep: null },
      cachedAt: null,
      missing: null,
      trouble: null,
    });
    assert.deepEqual(asked, []);
  });

  it('is said to be missing when the file is nowhere', async () => {
    const { value, missing } = await read('books/api.md', {});
    assert.deepEqual(
      [value, missing],
      [{ path: 'books/api.md', firstStep: null }, 'Runbook: books/api.md is not there.'],
    );
  });
});
