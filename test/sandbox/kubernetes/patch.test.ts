import assert from 'node:assert/strict';
import { jsonPatch } from '../../../src/lib/sandbox/faces/kubernetes/json-patch.ts';
import { type Json, mergePatch, strategicMerge } from '../../../src/lib/sandbox/faces/kubernetes/merge-patch.ts';

describe('a strategic merge patch', () => {
  const pod = {
    containers: [
      {
        name: 'api',
        image: 'api:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        args: ['x', 'y'],
      },
      { name: 'proxy', image: 'proxy:1' },
    ],
  };
  const merged = (patch: Record<string, Json>): Json => strategicMerge(pod as unknown as Json, patch);

  it('merges the items of a list by their key and leaves the others alone', () => {
    const result = merged({
      $setElementOrder: [],
      containers: [
        { name: 'api', image: 'api:2', env: [{ name: 'B', value: '3' }] },
        { name: 'new', image: 'new:1' },
      ],
    });
    assert.deepEqual(result, {
      containers: [
        {
          name: 'api',
          image: 'api:2',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '3' },
          ],
          args: ['x', 'y'],
        },
        { name: 'proxy', image: 'proxy:1' },
        { name: 'new', image: 'new:1' },
      ],
    });
  });

  it('ignores the order directives that kubectl adds', () => {
    const patch = {
      '$setElementOrder/containers': [{ name: 'proxy' }, { name: 'api' }],
      containers: [{ name: 'proxy', image: 'proxy:2' }],
    };
    assert.deepEqual((merged(patch) as { containers: unknown[] }).containers[1], { name: 'proxy', image: 'proxy:2' });
  });

  it('replaces lists that have no key, and removes with null', () => {
    const result = merged({ containers: [{ name: 'api', args: ['z'], env: null }] }) as { containers: unknown[] };
    assert.deepEqual(result.containers[0], { name: 'api', image: 'api:1', args: ['z'] });
  });

  it('deletes an item, replaces a list and keeps only some keys on demand', () => {
    const deleted = merged({ containers: [{ name: 'api', $patch: 'delete' }] }) as { containers: { name: string }[] };
    assert.deepEqual(
      deleted.containers.map(({ name }) => name),
      ['proxy'],
    );
    const replaced = merged({ containers: [{ $patch: 'replace' }, { name: 'only', image: 'o' }] });
    assert.deepEqual(replaced, { containers: [{ name: 'only', image: 'o' }] });
    const strategy = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
    const recreated = strategicMerge(strategy, { strategy: { $retainKeys: ['type'], type: 'Recreate' } });
    assert.deepEqual(recreated, { strategy: { type: 'Recreate' } });
  });

  it('does not touch what it was given', () => {
    const before = JSON.stringify(pod);
    merged({ containers: [{ name: 'api', image: 'x' }] });
    assert.equal(JSON.stringify(pod), before);
  });
});

describe('a merge patch', () => {
  // The examples of RFC 7386, appendix A, for targets and patches that are objects.
  const examples: [target: Json, patch: Record<string, Json>, result: Json][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of examples) {
    it(`${JSON.stringify(patch)} makes ${JSON.stringify(target)} ${JSON.stringify(result)}`, () => {
      assert.deepEqual(mergePatch(target, patch), result);
    });
  }

  it('cannot reach the prototype', () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, Json>;
    mergePatch({}, patch);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

describe('a JSON patch', () => {
  it('adds, removes, replaces, moves, copies and tests', () => {
    const value = { list: [1, 2], map: { 'a/b': 1, 'c~d': 2 } };
    const result = jsonPatch(value, [
      { op: 'test', path: '/list/1', value: 2 },
      { op: 'add', path: '/list/-', value: 3 },
      { op: 'add', path: '/list/0', value: 0 },
      { op: 'replace', path: '/map/a~1b', value: 'x' },
      { op: 'move', from: '/map/c~0d', path: '/moved' },
      { op: 'copy', from: '/list', path: '/map/list' },
      { op: 'remove', path: '/list/1' },
    ]);
    assert.deepEqual(result, { list: [0, 2, 3], map: { 'a/b': 'x', list: [0, 1, 2, 3] }, moved: 2 });
    assert.deepEqual(value, { list: [1, 2], map: { 'a/b': 1, 'c~d': 2 } });
  });

  const bad: [string, Json][] = [
    ['what is not there', [{ op: 'replace', path: '/nothing', value: 1 }]],
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }]],
    ['an index beyond the end', [{ op: 'add', path: '/list/7', value: 1 }]],
    ['an unknown operation', [{ op: 'grow', path: '/a' }]],
    ['a path that is none', [{ op: 'remove', path: 'a' }]],
    ['an inherited key', [{ op: 'remove', path: '/constructor' }]],
  ];
  for (const [name, patch] of bad) {
    it(`is refused for ${name}`, () => {
      assert.throws(() => jsonPatch({ a: 1, list: [] }, patch), { reason: 'Invalid' });
    });
  }
});
