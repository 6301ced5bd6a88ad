import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OncallError } from '../../../src/lib/errors.ts';
import { Cache } from '../../../src/lib/store/cache.ts';
import { appendLines, readText, withLock, writeText } from '../../../src/lib/store/files.ts';
import { Journal, type JournalEntry, StateFile } from '../../../src/lib/store/journal.ts';
import { placesFrom } from '../../../src/lib/store/places.ts';

let directory: string;
const at = (name: string) => join(directory, name);
const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

function entry(id: string, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id,
    at: '2026-11-22T03:12:41.000Z',
    who: 'sam',
    world: 'production',
    environment: 'production',
    incident: 'one',
    command: 'oncall note',
    outcome: 'ok',
    timeline: `about ${id}`,
    link: null,
    ...more,
  };
}

describe('the store', () => {
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'oncall-store-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  describe('a file', () => {
    it('is readable by its owner only, and so is the directory made for it', async () => {
      await writeText(at('new/deep/file'), 'x');
      assert.equal(await mode(at('new/deep/file')), '600');
      assert.equal(await mode(at('new')), '700');
    });
    it('that stood open to others is closed when it is replaced', async () => {
      await writeFile(at('file'), 'x', { mode: 0o644 });
      await writeText(at('file'), 'y');
      assert.equal(await mode(at('file')), '600');
    });
    it('may be made for everybody, where it holds nothing private', async () => {
      await writeText(at('file'), 'x', { mode: 0o644 });
      assert.equal(await mode(at('file')), '644');
    });
    it('is replaced as a whole: nobody ever reads half of it', async () => {
      const [a, b] = ['a'.repeat(300_000), 'b'.repeat(300_000)];
      await writeText(at('file'), a);
      let writing = true;
      const seen = (async () => {
        const texts = new Set<string>();
        while (writing) texts.add((await readFile(at('file'), 'utf8')).slice(0, 1) + (await stat(at('file'))).size);
        return texts;
      })();
      for (let i = 0; i < 20; i++) await writeText(at('file'), i % 2 ? a : b);
      writing = false;
      for (const text of await seen) assert.match(text, /^[ab]300000$/);
      assert.deepEqual(await readdir(directory), ['file'], 'nothing temporary is left');
    });
    it('that is missing is null', async () => {
      assert.equal(await readText(at('nothing')), null);
      await writeFile(at('file'), '');
      assert.equal(await readText(at('file/below')), null);
    });
    it('that cannot be written says why', async () => {
      await writeFile(at('file'), '');
      await assert.rejects(writeText(at('file/below'), 'x'), (error: OncallError) => {
        assert.ok(error instanceof OncallError);
        assert.equal(error.code, 'FAILED');
        assert.ok(error.message.includes(at('file')));
        return true;
      });
    });
  });

  describe('appending', () => {
    it('makes a private file and keeps what is there', async () => {
      await appendLines(at('log'), ['one']);
      await appendLines(at('log'), ['two', 'three']);
      assert.equal(await readFile(at('log'), 'utf8'), 'one\ntwo\nthree\n');
      assert.equal(await mode(at('log')), '600');
    });
    it('after a cut line starts on a line of its own', async () => {
      await writeFile(at('log'), 'one\ntw');
      await appendLines(at('log'), ['three']);
      assert.equal(await readFile(at('log'), 'utf8'), 'one\ntw\nthree\n');
    });
  });

  describe('a lock', () => {
    it('lets one at a time', async () => {
      let inside = 0;
      const act = () =>
        withLock(at('x'), async () => {
          assert.equal(++inside, 1);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
        });
      await Promise.all([act(), act(), act()]);
    });
    it('is given back also when the act fails', async () => {
      await assert.rejects(
        withLock(at('x'), () => Promise.reject(new Error('no'))),
        /no/,
      );
      assert.equal(await withLock(at('x'), async () => 'again'), 'again');
      assert.deepEqual(await readdir(directory), []);
    });
    it('is taken over from a process that died with it', async () => {
      await mkdir(at('x.lock'));
      const long = new Date(Date.now() - 60_000);
      await utimes(at('x.lock'), long, long);
      assert.equal(await withLock(at('x'), async () => 'mine'), 'mine');
    });
    it('of a process that has only just died is waited out', async () => {
      await mkdir(at('x.lock'));
      const justNow = new Date(Date.now() - 9_500);
      await utimes(at('x.lock'), justNow, justNow);
      assert.equal(await withLock(at('x'), async () => 'mine'), 'mine');
    });
  });

  describe('the journal', () => {
    it('loses no line when several processes write at once', async () => {
      const script = fileURLToPath(new URL('append-entries.ts', import.meta.url));
      const children = ['a', 'b', 'c'].map((name) =>
        spawn(process.execPath, ['--import', 'tsx', script, directory, name, '25'], { stdio: 'inherit' }),
      );
      const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
      assert.deepEqual(codes, [0, 0, 0]);
      const lines = (await readFile(at('journal.jsonl'), 'utf8')).trimEnd().split('\n');
      assert.equal(lines.length, 75);
      const entries = await new Journal(directory).entries();
      for (const name of ['a', 'b', 'c']) {
        const own = entries.filter(({ who }) => who === name).map(({ id }) => id);
        assert.deepEqual(
          own,
          Array.from({ length: 25 }, (_, i) => `${name}-${i}`),
        );
      }
    }).timeout(30_000);

    it('passes over a line that was cut, and keeps all others', async () => {
      const journal = new Journal(directory);
      await journal.append(entry('1'));
      await appendFile(at('journal.jsonl'), '{"id":"2","at":"20');
      await journal.append(entry('3'));
      assert.deepEqual(
        (await journal.entries()).map(({ id }) => id),
        ['1', '3'],
      );
    });

    it('gives the entries of one incident', async () => {
      const journal = new Journal(directory);
      await journal.append(entry('1'));
      await journal.append(entry('2', { incident: 'two' }));
      assert.deepEqual(
        (await journal.entries({ incident: 'two' })).map(({ id }) => id),
        ['2'],
      );
    });

    it('delivers in order, stops at a failure, and goes on from there', async () => {
      const journal = new Journal(directory);
      for (const id of ['1', '2', '3']) await journal.append(entry(id));
      await journal.append(entry('4', { timeline: null }));
      await journal.append(entry('5', { incident: null }));
      const arrived: string[] = [];
      const once = await journal.drain(async ({ id }) => {
        if (id === '2') throw new Error('down');
        arrived.push(id);
      });
      assert.equal(once.delivered, 1);
      assert.equal(once.pending, 2);
      assert.match(String(once.failure), /down/);
      const again = await journal.drain(async ({ id }) => {
        arrived.push(id);
      });
      assert.deepEqual([again.delivered, again.pending, again.failure], [2, 0, null]);
      assert.deepEqual(arrived, ['1', '2', '3']);
    });

    it('delivers each entry once, however many deliver at the same time', async () => {
      const journal = new Journal(directory);
      for (const id of ['1', '2', '3']) await journal.append(entry(id));
      const arrived: string[] = [];
      const deliver = async ({ id }: JournalEntry) => {
        await new Promise((resolve) => setTimeout(resolve, 3));
        arrived.push(id);
      };
      await Promise.all([journal.drain(deliver), new Journal(directory).drain(deliver), journal.drain(deliver)]);
      assert.deepEqual(arrived, ['1', '2', '3']);
    });
  });

  describe('a small document', () => {
    it('is null when it is missing or broken', async () => {
      const file = new StateFile<number>(directory, 'count');
      assert.equal(await file.read(), null);
      await writeFile(at('count.json'), '{"half');
      assert.equal(await file.read(), null);
      assert.equal(await file.update((value) => (value ?? 0) + 1), 1);
    });
    it('takes every change, however many come at once', async () => {
      const file = new StateFile<number>(directory, 'count');
      await Promise.all(Array.from({ length: 12 }, () => file.update((value) => (value ?? 0) + 1)));
      assert.equal(await file.read(), 12);
      assert.equal(await mode(at('count.json')), '600');
    });
  });

  describe('what is only convenient to keep', () => {
    it('is passed over where nothing can be written', async () => {
      await writeFile(at('file'), '');
      assert.equal(await new StateFile<number>(at('file/below'), 'count').tryUpdate(() => 1), false);
      assert.equal(await new StateFile<number>(directory, 'count').tryUpdate(() => 1), true);
    });
  });

  describe('the cache', () => {
    it('gives back what was put, with its age', async () => {
      const cache = new Cache(directory, { scope: 'production' });
      await cache.put('who', { primary: 'sam' }, 1234);
      assert.deepEqual(await cache.get('who'), { value: { primary: 'sam' }, at: 1234 });
      assert.equal(await cache.get('other'), null);
    });
    it('takes a broken answer for none', async () => {
      const cache = new Cache(directory, { scope: 'production' });
      await cache.put('who', 1, 1234);
      const [file = ''] = await readdir(directory);
      for (const text of ['{"key":"who","at":12', '{"key":"who"}', '{"key":"else","at":1,"value":2}', 'null']) {
        await writeFile(at(file), text);
        assert.equal(await cache.get('who'), null, text);
      }
    });
    it('never fails a command', async () => {
      await writeFile(at('file'), '');
      const cache = new Cache(at('file/below'), { scope: 'production' });
      await cache.put('who', 1, 1234);
      assert.equal(await cache.get('who'), null);
    });
  });

  describe('the places', () => {
    const table: [what: string, env: Record<string, string>, places: [string, string, string]][] = [
      ['by default', {}, ['/h/.config/oncall', '/h/.local/state/oncall', '/h/.cache/oncall']],
      [
        'as XDG says',
        { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/k' },
        ['/c/oncall', '/s/oncall', '/k/oncall'],
      ],
      [
        'by default where XDG is relative, and so invalid',
        { XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '', XDG_CACHE_HOME: './k' },
        ['/h/.config/oncall', '/h/.local/state/oncall', '/h/.cache/oncall'],
      ],
      [
        'of a sandbox',
        { ONCALL_STATE_DIR: '/box/state', XDG_STATE_HOME: '/s' },
        ['/h/.config/oncall', '/box/state', '/box/state/cache'],
      ],
    ];
    for (const [what, env, [config, state, cache]] of table) {
      it(`are found ${what}`, () => assert.deepEqual(placesFrom(env, '/h'), { config, state, cache }));
    }
  });
});
