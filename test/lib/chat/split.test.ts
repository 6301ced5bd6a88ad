import assert from 'node:assert/strict';
import { splitText } from '../../../src/lib/chat/split.ts';
import { Random } from '../../../src/lib/sandbox/world/random.ts';

const LIMIT = 60;
const WORDS = [
  'a',
  'pod',
  'restarts',
  '👩‍🚒',
  '🇩🇪',
  'é',
  'zażółć',
  'x'.repeat(30),
  '😀'.repeat(25),
  '\n',
  '\n\n',
  ' ',
  '\t',
  '`code`',
];
const FENCES = ['```\n', '```json\n', '\n```\n', '```one line```'];

function someText(random: Random, words: readonly string[]): string {
  return Array.from({ length: random.between(1, 60) }, () => random.pick(words)).join(random.pick(['', ' ']));
}

/** Whether a text begins or ends with half of a character. */
function isTorn(text: string): boolean {
  return /^[\udc00-\udfff]|[\ud800-\udbff]$/.test(text);
}

describe('splitText', () => {
  it('gives the whole text back, in parts that fit, however it is made (400 texts)', () => {
    const random = new Random(7);
    for (let i = 0; i < 400; i++) {
      const text = someText(random, i % 2 ? WORDS : [...WORDS, ...FENCES]);
      const pieces = splitText(text, LIMIT);
      assert.equal(pieces.map(({ source }) => source).join(''), text);
      for (const { text: part, source } of pieces) {
        assert.ok(part.length <= LIMIT, `${part.length}: ${JSON.stringify(part)}`);
        assert.ok(source.length > 0);
        assert.ok(!isTorn(part), JSON.stringify(part));
      }
    }
  });

  it('never cuts within a character as people see it, unless it alone is longer than a message', () => {
    for (const character of ['👩‍🚒', '🇩🇪', 'e\u0301', '👍🏽']) {
      const text = `x${character.repeat(40)}`;
      for (const { source } of splitText(text, LIMIT)) assert.ok(source.replaceAll(character, '').length <= 1, source);
    }
    const monster = `a${'\u0301'.repeat(200)}`;
    assert.equal(
      splitText(monster, LIMIT)
        .map(({ source }) => source)
        .join(''),
      monster,
    );
  });

  it('keeps every part a whole code block, in the same language (300 texts)', () => {
    const random = new Random(11);
    for (let i = 0; i < 300; i++) {
      const code = Array.from({ length: random.between(1, 30) }, () =>
        random.pick(['let a = 1;', '{ "x": 2 }', '', 'y'.repeat(50)]),
      ).join('\n');
      const text = `before\n\`\`\`json\n${code}\n\`\`\`\nafter it`;
      const pieces = splitText(text, LIMIT);
      assert.equal(pieces.map(({ source }) => source).join(''), text);
      let before = '';
      for (const { text: part, source } of pieces) {
        assert.equal((part.match(/```/g) ?? []).length % 2, 0, JSON.stringify(part));
        const inside = (before.match(/```/g) ?? []).length % 2 === 1;
        if (inside) assert.ok(part.startsWith('```json\n'), JSON.stringify(part));
        before += source;
      }
    }
  });

  it('cuts at the end of a line, else between words', () => {
    const [first] = splitText(`${'word '.repeat(9)}\n${'more '.repeat(9)}`, LIMIT);
    assert.equal(first?.source, `${'word '.repeat(9)}\n`);
    const [words] = splitText('word '.repeat(30), LIMIT);
    assert.match(words?.source ?? '', /^(word )+$/);
  });

  it('leaves what fits as it is, also a code block that was never closed', () => {
    assert.deepEqual(splitText('```\nopen', LIMIT), [{ text: '```\nopen', source: '```\nopen' }]);
    assert.deepEqual(splitText('', LIMIT), []);
  });
});
