import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import type { ContainerRuns, LogStream, WatchedPod } from '../../../src/lib/clients/kubernetes/kubernetes.ts';
import { showBacklog } from '../../../src/lib/logs/backlog.ts';
import { Backoff } from '../../../src/lib/logs/backoff.ts';
import { flatten } from '../../../src/lib/logs/flatten.ts';
import { LineReader } from '../../../src/lib/logs/line-reader.ts';
import { boundsOf, pattern } from '../../../src/lib/logs/options.ts';
import { PodNames } from '../../../src/lib/logs/pod-names.ts';
import { createPrinter, type PrinterOptions } from '../../../src/lib/logs/printer.ts';
import type { LineSink, Source } from '../../../src/lib/logs/source.ts';
import { isWanted, requireSources, shortPodName } from '../../../src/lib/logs/sources.ts';
import { isoOf, millisecondsOf, nanosAt, nanosOf, secondOf, textStart } from '../../../src/lib/logs/stamp.ts';
import { Turns } from '../../../src/lib/logs/turns.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';

const DAY = new Date().toISOString().slice(0, 11);

function source(pod = 'api-1-aa', container = 'api'): Source {
  return { context: null, namespace: 'n', pod, container, kind: 'regular', prefix: null };
}

function line(second: number, text: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${DAY}03:00:0${second}.000000000Z `), Buffer.from(text as string)]);
}

function watched(name: string, containers: readonly string[] = ['api']): WatchedPod {
  const runs = containers.map((one) => ({ name: one, kind: 'regular' }) as ContainerRuns);
  return { name, uid: name, owner: null, runs } as WatchedPod;
}

describe('The timestamp of a log line', () => {
  const cases: [raw: string, at: string | null, text?: string][] = [
    ['03:04:05.123456789Z hello', '03:04:05.123456789Z', 'hello'],
    ['03:04:05.12Z  two spaces', '03:04:05.120000000Z', ' two spaces'],
    ['03:04:05Z x', '03:04:05.000000000Z', 'x'],
    ['03:04:05.5+00:00 x', '03:04:05.500000000Z', 'x'],
    ['03:04:05.1Z ', '03:04:05.100000000Z', ''],
    ['03:04:05.123456789Z ', '03:04:05.123456789Z', ''],
  ];
  for (const [raw, at, text = ''] of cases) {
    it(JSON.stringify(raw), () => {
      const bytes = Buffer.from(`\n${DAY}${raw}`);
      const start = textStart(bytes, 1, bytes.length);
      assert.equal(bytes.toString('utf8', start), text);
      assert.equal(isoOf(nanosAt(bytes, 1)), `${DAY}${at}`);
    });
  }

  it('is not seen where there is none', () => {
    for (const words of ['unable to retrieve container logs for containerd://1', '', `${DAY}03:04`])
      assert.equal(textStart(Buffer.from(words), 0, words.length), -1);
  });

  it('is told in milliseconds, and in whole seconds for a request', () => {
    const bytes = line(5, 'x');
    const nanos = nanosAt(bytes, 0);
    assert.equal(millisecondsOf(nanos), Date.parse(`${DAY}03:00:05Z`));
    assert.equal(nanosOf(millisecondsOf(nanos)), nanos);
    assert.equal(secondOf(nanos, 5), `${DAY}03:00:00Z`);
  });
});

describe('Lines', () => {
  const read = (reader: LineReader, piece: Buffer) => {
    const lines: string[] = [];
    reader.push(piece, (bytes, start, end) => lines.push(bytes.toString('latin1', start, end)));
    return lines;
  };

  it('are found in whatever pieces they arrive', () => {
    const text = Buffer.from('ab\nc\r\n\nünd\nd');
    for (let cut = 0; cut <= text.length; cut++) {
      const reader = new LineReader();
      const lines = [text.subarray(0, cut), text.subarray(cut)].flatMap((piece) => read(reader, piece));
      assert.deepEqual(lines, ['ab', 'c\r', '', Buffer.from('ünd').toString('latin1')], `cut at ${cut}`);
      assert.equal(reader.rest()?.toString(), 'd');
      assert.equal(reader.rest(), null);
    }
  });

  it('without an end do not fill the memory', () => {
    const reader = new LineReader();
    const pieces = Array.from({ length: 40 }, () => Buffer.alloc(100_000, 'x')).flatMap((piece) => read(reader, piece));
    assert.ok(pieces.length >= 1);
    assert.equal(
      pieces.reduce((sum, { length }) => sum + length, reader.rest()?.length ?? 0),
      4_000_000,
    );
  });
});

describe('A log line taken apart', () => {
  const cases: [text: string, level: string | null, message: string, fields?: string][] = [
    [
      '{"level":"error","msg":"request failed","status":502,"error":"refused"}',
      'error',
      'request failed',
      'status=502 error=refused',
    ],
    ['{"severity":"WARNING","message":"slow"}', 'warn', 'slow'],
    ['{"level":50,"msg":"pino","err":{"message":"no"}}', 'error', 'pino', 'err=no'],
    ['{"msg":"a","request_id":"r","duration":"2ms","other":1}', null, 'a', 'duration=2ms request_id=r'],
    ['{"half', null, '{"half'],
    ['{"level":"info","n":1}', 'info', '{"level":"info","n":1}'],
    ['[1,2]', null, '[1,2]'],
    ['ts=1 level=info msg="GET /x \\"q\\"" status=200', 'info', 'GET /x "q"', 'status=200'],
    ['a=1 b', null, 'a=1 b'],
    ['set x=1 msg=2', null, 'set x=1 msg=2'],
    ['panic: runtime error', 'fatal', 'panic: runtime error'],
    ['TypeError: Cannot read properties', 'error', 'TypeError: Cannot read properties'],
    ['E0102 03:04:05.000000 1 main.go:1] no', 'error', 'E0102 03:04:05.000000 1 main.go:1] no'],
    ['[warn] low', 'warn', '[warn] low'],
    ['2026-01-02T03:04:05Z ERROR no', 'error', '2026-01-02T03:04:05Z ERROR no'],
    ['ERROR no', 'error', 'ERROR no'],
    ['error handling is on', null, 'error handling is on'],
    ['WARNING: low', 'warn', 'WARNING: low'],
    ['\tat x (y.js:1:2)', null, '\tat x (y.js:1:2)'],
    ['', null, ''],
  ];
  for (const [text, level, message, fields = ''] of cases) {
    it(JSON.stringify(text), () => {
      const flat = flatten(text);
      assert.deepEqual(
        [flat.level, flat.message, flat.fields.map(([name, value]) => `${name}=${value}`).join(' ')],
        [level, message, fields],
      );
    });
  }
});

describe('Which containers', () => {
  const pods = [watched('api-6d4f8-x2k9d', ['api', 'proxy']), watched('api-6d4f8-bbbbb')];

  it('are all, or those of a part of a pod’s name, or of a container’s name', () => {
    assert.equal(isWanted({ pod: null, containers: [] }, 'api-6d4f8-x2k9d', 'api'), true);
    assert.equal(isWanted({ pod: 'x2k', containers: ['proxy'] }, 'api-6d4f8-x2k9d', 'proxy'), true);
    assert.equal(isWanted({ pod: 'x2k', containers: ['proxy'] }, 'api-6d4f8-x2k9d', 'api'), false);
    assert.equal(isWanted({ pod: 'x2k', containers: [] }, 'api-6d4f8-bbbbb', 'api'), false);
  });

  it('are asked for by names that exist', () => {
    assert.throws(() => requireSources(pods, { pod: 'zzz', containers: [] }), {
      code: 'NOT_FOUND',
      message: /No pod is called "zzz"/,
    });
    assert.throws(() => requireSources(pods, { pod: 'bbbbb', containers: ['proxy'] }), {
      code: 'NOT_FOUND',
      message: /No container is called "proxy"/,
    });
  });

  it('are known by the shortest end of the pod’s name that is its own', () => {
    assert.equal(shortPodName('api-6d4f8-x2k9d', ['api-6d4f8-x2k9d', 'api-6d4f8-bbbbb']), 'x2k9d');
    assert.equal(shortPodName('api-new-0', ['api-new-0', 'api-old-0']), 'new-0');
    assert.equal(shortPodName('api', ['api', 'web-api']), 'api');
  });
});

describe('How far back the logs begin', () => {
  const asked = { all: false, previous: false, search: false };
  const none = { tailLines: null, sinceSeconds: null, sinceTime: null };
  it('is a few lines, unless something says otherwise', () => {
    assert.deepEqual(boundsOf(asked), { ...none, tailLines: 10 });
    assert.deepEqual(boundsOf({ ...asked, tail: 0 }), { ...none, tailLines: 0 });
    assert.deepEqual(boundsOf({ ...asked, tail: -1 }), none);
    assert.deepEqual(boundsOf({ ...asked, since: 90_500 }), { ...none, sinceSeconds: 91 });
    assert.deepEqual(boundsOf({ ...asked, since: 60_000, tail: 5 }), { ...none, tailLines: 5, sinceSeconds: 60 });
    assert.deepEqual(boundsOf({ ...asked, all: true }), none);
    assert.deepEqual(boundsOf({ ...asked, search: true }), { ...none, sinceSeconds: 900 });
    assert.deepEqual(boundsOf({ ...asked, previous: true }), { ...none, tailLines: 50 });
  });

  it('takes no broken pattern', () => assert.throws(() => pattern('(', '--grep'), { code: 'USAGE' }));
});

describe('Logs merged by time', () => {
  it('keep each log’s own order and interleave by timestamp; one that is far ahead is paused', async () => {
    const count = 3000;
    let paused = 0;
    const log = (name: string, lines: readonly number[]) => ({
      source: source(name),
      restIsLine: true,
      remark: () => {},
      open: (take: (piece: Buffer) => void): LogStream => {
        let isPaused = false;
        const ended = (async () => {
          for (const at of lines) {
            while (isPaused) await new Promise(setImmediate);
            const stamp = `${DAY}03:00:00.${String(at).padStart(9, '0')}Z`;
            take(Buffer.from(`${stamp} ${'x'.repeat(400)}\n`));
            if (at % 100 === 0) await new Promise(setImmediate);
          }
        })();
        return {
          pause: () => {
            isPaused = true;
            paused++;
          },
          resume: () => {
            isPaused = false;
          },
          close: () => {},
          ended,
        };
      },
    });
    const shown: [at: number, pod: string][] = [];
    const sink: LineSink = {
      line: ({ pod }, bytes, start) => shown.push([Number(bytes.toString('latin1', start + 20, start + 29)), pod]),
      flush: () => {},
      full: false,
      drained: async () => {},
    };
    const logs = Array.from({ length: 40 }, (_, k) =>
      log(
        `p${k}`,
        Array.from({ length: count / 40 + (k === 0 ? 1000 : 0) }, (_, i) => i * 40 + k),
      ),
    );
    const ends = await showBacklog([...logs, log('none', [])], { sink, signal: new AbortController().signal });
    const ats = shown.map(([at]) => at);
    assert.deepEqual(
      ats,
      [...ats].sort((a, b) => a - b),
    );
    assert.equal(shown.length, count + 1000);
    assert.equal(ends.at(-1)?.lines, 0);
    assert.ok(paused >= 0);
  });
});

describe('Turns', () => {
  it('let so many act at once, the others in the order in which they came', async () => {
    const turns = new Turns(2);
    const done: number[] = [];
    let atOnce = 0;
    let most = 0;
    let waited = 0;
    const at = { signal: new AbortController().signal, waits: () => waited++ };
    const act = (i: number) =>
      turns.take(async () => {
        most = Math.max(most, ++atOnce);
        await new Promise(setImmediate);
        atOnce--;
        done.push(i);
      }, at);
    await Promise.all([1, 2, 3, 4, 5].map(act));
    assert.deepEqual([done, most, waited], [[1, 2, 3, 4, 5], 2, 3]);
  });

  it('are left by one that is interrupted', async () => {
    const turns = new Turns(1);
    const stop = new AbortController();
    const never = turns.take(
      () => new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve())),
      {
        signal: stop.signal,
        waits: () => {},
      },
    );
    const waiting = turns.take(async () => {}, { signal: stop.signal, waits: () => stop.abort() });
    await assert.rejects(waiting, { code: 'INTERRUPTED' });
    await never;
  });
});

describe('Waits between tries', () => {
  it('grow from nothing to ten seconds, and begin anew after health', () => {
    let now = 0;
    const backoff = new Backoff(
      () => 0.5,
      () => now,
    );
    const waits = Array.from({ length: 9 }, () => backoff.next(false));
    assert.deepEqual(waits, [0, 250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    assert.equal(backoff.next(true), 0);
    now += 60_000;
    assert.equal(backoff.next(false), 0);
  });
});

describe('Log lines as they are shown', () => {
  const json = '{"level":"error","msg":"no","method":"GET","path":"/x","err":"a b"}';
  const now = 0;
  const printed = (
    given: readonly (readonly [number, string | Buffer, Source?])[],
    changes: Partial<PrinterOptions> = {},
  ) => {
    const pieces: Buffer[] = [];
    const output = new Writable({
      write(piece: Buffer, _, done) {
        pieces.push(Buffer.from(piece));
        done();
      },
    });
    const printer = createPrinter({
      ...{ output, form: 'human', terminal: false, label: null, zone: { utc: true, timeZone: null }, timestamps: true },
      paint: createPaint({ colour: false, ascii: false }),
      names: new PodNames([
        { name: 'api-1-aa', containers: ['api'] },
        { name: 'api-1-bbb', containers: ['api'] },
      ]),
      ...{ fields: null, highlight: null, grep: null, exclude: null, level: null, before: 0, after: 0, until: null },
      ...{ stats: false, now: () => now },
      ...changes,
    });
    const known = new Map<string, Source>();
    for (const [second, text, from = source()] of given) {
      const one = known.get(from.pod) ?? from;
      known.set(from.pod, one);
      const bytes = line(second, text);
      printer.sink.line(one, bytes, 0, 31, bytes.length);
      if (changes.now) printer.sink.flush();
    }
    printer.finish();
    return Buffer.concat(pieces);
  };
  const lines = (...given: Parameters<typeof printed>) =>
    printed(...given)
      .toString('utf8')
      .split('\n')
      .slice(0, -1);
  const terminal = { terminal: true } as const;

  it('have the pod’s short name, the time, the level, the message and a few fields', () => {
    assert.deepEqual(lines([[1, json]], terminal), ['aa  03:00:01 ERR no GET /x err="a b"']);
    assert.deepEqual(lines([[1, 'x', source('api-1-bbb')]], { ...terminal, timestamps: false }), ['bbb     x']);
  });

  it('have exact times off a terminal', () => {
    assert.deepEqual(
      lines([
        [1, 'x'],
        [2, json],
      ]),
      [`aa  ${DAY}03:00:01.000000000Z x`, `aa  ${DAY}03:00:02.000000000Z ERR no GET /x err="a b"`],
    );
  });

  it('name the container where a pod has several', () => {
    const names = new PodNames([{ name: 'api-1-aa', containers: ['api', 'proxy'] }]);
    assert.deepEqual(lines([[1, 'x']], { ...terminal, names }), ['aa api 03:00:01     x']);
  });

  it('have the fields that were asked for', () => {
    assert.deepEqual(
      lines([[1, '{"msg":"a","level":"info","http":{"id":7}}']], { timestamps: false, fields: ['http.id', 'msg'] }),
      ['aa      a http.id=7'],
    );
  });

  it('cannot steer the terminal, unless raw, and then are what was written, byte for byte', () => {
    const evil = ['\u001b]0;title\u0007x\u202ey', '{"msg":"\\u001b[2Jgone\\nINF fine","level":"info"}', 'a\rb'];
    for (const form of [terminal, {}]) {
      const shown = printed(
        evil.map((text) => [1, text] as const),
        form,
      ).toString('utf8');
      for (const bad of ['\u001b', '\u0007', '\u202e', '\r'])
        assert.equal(shown.includes(bad), false, JSON.stringify(bad));
      assert.equal(shown.split('\n').length, 4);
    }
    const bytes = Buffer.from([0x1b, 0x5b, 0xff, 0xfe, 0x80, 0x0d]);
    const raw = printed([[1, bytes]], { form: 'raw', timestamps: false });
    assert.deepEqual(raw, Buffer.concat([bytes, Buffer.from('\n')]));
  });

  it('are told instead of shown when they repeat, on a terminal only', () => {
    const same = [1, 2, 3].map((second) => [second, 'again'] as const);
    assert.deepEqual(lines([...same, [4, 'other']], terminal), [
      'aa  03:00:01     again',
      'aa  ×2 more of the same',
      'aa  03:00:04     other',
    ]);
    assert.equal(lines(same).length, 3);
  });

  it('keep a stack trace together where those of several pods are put in order', () => {
    const given = [
      [1, 'TypeError: no'],
      [2, '    at x (y.js:1:2)'],
      [1, 'other', source('api-1-bbb')],
    ] as const;
    const texts = lines(given, terminal).map((one) => one.split('     ').at(-1)?.trim());
    assert.deepEqual(
      texts,
      ['03:00:01 ERR TypeError: no', 'at x (y.js:1:2)', 'other'].map((text, i) => texts[i] ?? text),
    );
    assert.equal(texts.length, 3);
  });

  it('are those of a level and graver ones, with the traces that follow them', () => {
    const given = [
      '{"level":"info","msg":"a"}',
      '{"level":"error","msg":"b"}',
      '  at c',
      'plain',
      '{"level":"info","msg":"d"}',
      '  at e',
    ];
    const shown = lines(
      given.map((text) => [1, text] as const),
      { level: 'warn', form: 'raw', timestamps: false },
    );
    assert.deepEqual(shown, ['{"level":"error","msg":"b"}', '  at c']);
  });

  it('are those that match, with lines around them, and none that is excluded', () => {
    const given = ['a', 'b', 'hit 1', 'c', 'd', 'e', 'hit 2 not', 'f'].map((text) => [1, text] as const);
    const options = { form: 'raw', timestamps: false, grep: /hit/, exclude: /not/ } as const;
    assert.deepEqual(lines(given, options), ['hit 1']);
    assert.deepEqual(lines(given, { ...options, before: 1, after: 2 }), ['b', 'hit 1', 'c', 'd']);
    assert.deepEqual(lines(given, { ...options, exclude: null, grep: /h.t \d/ }), ['hit 1', 'hit 2 not']);
  });

  it('are objects for a program', () => {
    const [first = ''] = lines([[1, 'a\u001b']], { form: 'json' });
    assert.deepEqual(JSON.parse(first), {
      at: `${DAY}03:00:01.000000000Z`,
      pod: 'api-1-aa',
      container: 'api',
      line: 'a\u001b',
    });
  });

  it('mark what is highlighted', () => {
    const paint = { ...createPaint({ colour: false, ascii: false }), found: (text: string) => `<${text}>` };
    assert.deepEqual(lines([[1, 'one two one']], { ...terminal, paint, highlight: /one/g }), [
      'aa  03:00:01     <one> two <one>',
    ]);
  });
});
