import assert from 'node:assert/strict';
import { flatten } from '../../../src/lib/logs/flatten.ts';
import { LineCutter, millisecondsOf, parseLine } from '../../../src/lib/logs/log-line.ts';
import { mergeByTime } from '../../../src/lib/logs/merge.ts';
import { pattern, spanOf } from '../../../src/lib/logs/options.ts';
import { LogRenderer, type RenderOptions } from '../../../src/lib/logs/render.ts';
import { requireSources, shortPodName, sourcesOf } from '../../../src/lib/logs/sources.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { entry, pod } from './cluster.ts';

describe('The timestamp of a log line', () => {
  const cases: [raw: string, at: string | null, text?: string][] = [
    ['2026-01-02T03:04:05.123456789Z hello', '2026-01-02T03:04:05.123456789Z', 'hello'],
    ['2026-01-02T03:04:05.12Z  two spaces', '2026-01-02T03:04:05.120000000Z', ' two spaces'],
    ['2026-01-02T03:04:05Z x', '2026-01-02T03:04:05.000000000Z', 'x'],
    ['2026-01-01T19:04:05.5-08:00 x', '2026-01-02T03:04:05.500000000Z', 'x'],
    ['2026-01-02T03:04:05.1Z ', '2026-01-02T03:04:05.100000000Z', ''],
    ['2026-01-02T03:04:05.1Z a\r', '2026-01-02T03:04:05.100000000Z', 'a'],
    ['unable to retrieve container logs for containerd://1', null],
    ['', null],
  ];
  for (const [raw, at, text] of cases) {
    it(JSON.stringify(raw), () => assert.deepEqual(parseLine(raw), at === null ? null : { at, text }));
  }

  it('gives milliseconds', () =>
    assert.equal(millisecondsOf('2026-01-02T03:04:05.123999999Z'), Date.UTC(2026, 0, 2, 3, 4, 5, 123)));

  it('is found in whatever pieces the line arrives', () => {
    const cutter = new LineCutter();
    assert.deepEqual(
      ['a', 'b\nc', '\n', '\nd'].flatMap((piece) => cutter.push(piece)),
      ['ab', 'c', ''],
    );
    assert.equal(cutter.end(), 'd');
    assert.equal(cutter.end(), null);
  });

  it('does not let a line without an end fill the memory', () => {
    const cutter = new LineCutter();
    const pieces = Array.from({ length: 40 }, () => 'x'.repeat(100_000)).flatMap((piece) => cutter.push(piece));
    assert.ok(pieces.length >= 3 && pieces.every(({ length }) => length <= 1_200_000));
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
  const pods = [pod('api-6d4f8-x2k9d', { containers: ['api', 'proxy'] }), pod('api-6d4f8-bbbbb')];

  it('are all, or those of a part of a pod’s name, or of a container’s name', () => {
    assert.equal(sourcesOf(pods, { pod: null, container: null }).length, 3);
    assert.deepEqual(sourcesOf(pods, { pod: 'x2k', container: 'proxy' }), [
      { pod: 'api-6d4f8-x2k9d', container: 'proxy' },
    ]);
  });

  it('are asked for by names that exist', () => {
    assert.throws(() => requireSources(pods, { pod: 'zzz', container: null }), {
      code: 'NOT_FOUND',
      message: /No pod is called "zzz"/,
    });
    assert.throws(() => requireSources(pods, { pod: 'bbbbb', container: 'proxy' }), {
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
  const asked = { all: false, previous: false, grep: false };
  it('is a few lines, unless something says otherwise', () => {
    assert.deepEqual(spanOf(asked), { tailLines: 10, sinceSeconds: null });
    assert.deepEqual(spanOf({ ...asked, tail: 0 }), { tailLines: 0, sinceSeconds: null });
    assert.deepEqual(spanOf({ ...asked, since: 90_500 }), { tailLines: null, sinceSeconds: 91 });
    assert.deepEqual(spanOf({ ...asked, since: 60_000, tail: 5 }), { tailLines: 5, sinceSeconds: 60 });
    assert.deepEqual(spanOf({ ...asked, all: true }), { tailLines: null, sinceSeconds: null });
    assert.deepEqual(spanOf({ ...asked, grep: true }), { tailLines: null, sinceSeconds: 900 });
    assert.deepEqual(spanOf({ ...asked, previous: true }), { tailLines: 50, sinceSeconds: null });
  });

  it('takes no broken pattern', () => assert.throws(() => pattern('('), { code: 'USAGE' }));
});

describe('Logs merged by time', () => {
  it('keep each log’s own order and interleave by timestamp', async () => {
    async function* log(name: string, ...pieces: number[][]) {
      for (const piece of pieces) yield piece.map((second) => entry(second, `${name}${second}`));
    }
    const merged: string[] = [];
    const logs = [log('a', [1, 4], [], [5]), log('b', [2], [3, 6]), log('c')];
    for await (const entries of mergeByTime(logs)) merged.push(...entries.map(({ text }) => text));
    assert.deepEqual(merged, ['a1', 'b2', 'b3', 'a4', 'a5', 'b6']);
  });
});

describe('Log lines on the screen', () => {
  const renderer = (changes: Partial<RenderOptions> = {}) =>
    new LogRenderer({
      paint: createPaint({ colour: false, ascii: false }),
      zone: { utc: true, timeZone: null },
      raw: false,
      timestamps: true,
      terminal: true,
      pods: [pod('api-1-aa'), pod('api-1-bbb')],
      ...changes,
    });
  const json = '{"level":"error","msg":"no","method":"GET","path":"/x","err":"a b"}';

  it('have the pod’s short name, the time, the level, the message and a few fields', () => {
    assert.deepEqual(renderer().lines([entry(1, json, 'api-1-aa')], 0), ['aa  03:00:01 ERR no GET /x err="a b"']);
    assert.deepEqual(renderer({ timestamps: false }).lines([entry(1, 'x', 'api-1-bbb')], 0), ['bbb     x']);
  });

  it('have exact times off a terminal', () => {
    assert.deepEqual(renderer({ terminal: false }).lines([entry(1, 'x', 'api-1-bbb')], 0), [
      'bbb 2026-01-02T03:00:01.000Z     x',
    ]);
  });

  it('name the container where a pod has several', () => {
    const lines = renderer({ pods: [pod('api-1-aa', { containers: ['api', 'proxy'] })] }).lines(
      [entry(1, 'x', 'api-1-aa')],
      0,
    );
    assert.deepEqual(lines, ['aa api 03:00:01     x']);
  });

  it('cannot steer the terminal, unless raw', () => {
    const evil = entry(1, '{"msg":"\\u001b[2Jgone\\nINF fine","level":"info\\u001b[0m"}', 'api-1-\u001b[31maa');
    const [line = ''] = renderer().lines([evil, entry(2, '\u001b]0;title\u0007x\u202ey')], 0);
    assert.equal(line.includes('\u001b'), false);
    assert.equal(line.includes('\n'), false);
    assert.deepEqual(renderer({ raw: true, timestamps: false }).lines([entry(1, '\u001b[31mx')], 0), ['\u001b[31mx']);
  });

  it('are counted when they repeat, on a terminal only', () => {
    const same = [1, 2, 3].map((second) => entry(second, 'again', 'api-1-aa'));
    const screen = renderer();
    assert.deepEqual(screen.lines([...same, entry(4, 'other', 'api-1-aa')], 0), [
      'aa  03:00:01     again',
      'aa  ×2 more of the same',
      'aa  03:00:04     other',
    ]);
    assert.deepEqual(screen.rest(), []);
    assert.equal(renderer({ terminal: false }).lines(same, 0).length, 3);
  });

  it('tell of repetitions from time to time', () => {
    const screen = renderer();
    const again = (second: number) => screen.lines([entry(second, 'again', 'api-1-aa')], second * 1000);
    assert.equal(again(1).length, 1);
    assert.deepEqual(again(2), []);
    assert.deepEqual(again(7), ['aa  ×1 more of the same', 'aa  03:00:07     again']);
    assert.deepEqual(again(8), []);
    assert.deepEqual(screen.rest(), ['aa  ×1 more of the same']);
  });
});
