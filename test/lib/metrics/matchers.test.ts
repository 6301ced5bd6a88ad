import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { amtoolLine, shellWord } from '../../../src/lib/metrics/amtool-line.ts';
import {
  matcherOfService,
  matchersOf,
  readMatchers,
  refuseSweeping,
  sameMatchers,
} from '../../../src/lib/metrics/matchers.ts';
import { matcherText } from '../../../src/lib/text/matcher-text.ts';
import { failing } from '../../support/connection.ts';

describe('matchers as amtool reads them', () => {
  const cases: [word: string, text: string][] = [
    ['ServiceDown', 'alertname="ServiceDown"'],
    ['two words', 'alertname="two words"'],
    ['a=b', 'a="b"'],
    [' a = b ', 'a="b"'],
    ['a!=b', 'a!="b"'],
    ['a=~b|c', 'a=~"b|c"'],
    ['a!~"b.*"', 'a!~"b.*"'],
    ['a=', 'a=""'],
    ['a="q\\"r"', 'a="q\\"r"'],
    ['a=b\\c', 'a="b\\\\c"'],
    ['a="b\\nc"', 'a="b\\nc"'],
    ['a=b=c', 'a="b=c"'],
  ];
  for (const [word, text] of cases) {
    it(`${word} is ${text}`, () => assert.equal(readMatchers([word]).map(matcherText).join(), text));
  }

  it('takes only the first bare word for a name', () => {
    assert.throws(() => readMatchers(['a=b', 'ServiceDown']), failing('USAGE', /"ServiceDown" is no matcher/));
    assert.throws(() => readMatchers(['a=b', 'c="d']), failing('USAGE', /a quote in its value is not escaped/));
  });

  it('refuses what fits everything, and takes what names something', () => {
    for (const words of [['a=~.*'], ['a!=b'], ['a='], ['alertname=~.+'], ['alertname=~"[\\s\\S]+"', 'x!=y']])
      assert.throws(() => refuseSweeping(readMatchers(words)), failing('REFUSED', /alertname=NAME/), words.join(' '));
    for (const words of [['a=b'], ['a=~.+', 'c=d'], ['a=~b.*'], ['a=b', 'c!=d'], ['a=~[[:alpha:]]+', 'b=c']])
      refuseSweeping(readMatchers(words));
  });

  it('of one alert name it exactly, its name first', () => {
    assert.deepEqual(matchersOf({ app: 'x', alertname: 'Down' }).map(matcherText), ['alertname="Down"', 'app="x"']);
  });

  it('take the label for a service that its alerts use', () => {
    assert.equal(matcherOfService('api', [{ labels: { job: 'api' } }]).name, 'job');
    assert.equal(matcherOfService('api', []).name, 'service');
  });

  it('are the same in any order', () => {
    assert.ok(sameMatchers(readMatchers(['a=b', 'c=~d']), readMatchers(['c=~d', 'a=b'])));
    assert.ok(!sameMatchers(readMatchers(['a=b']), readMatchers(['a!=b'])));
  });
});

describe('a line to paste', () => {
  const nasty = [
    'plain',
    "it's",
    'a b',
    '$(touch /tmp/owned) `id` $HOME',
    'a\nb',
    '\u001b[2J\u0007a1',
    '\u202eforged',
    'ü"\\',
    '',
    '*?[a]~#!&;|<>',
  ];
  it('means the same to a shell, whatever is in it', () => {
    for (const text of nasty) {
      assert.equal(execFileSync('bash', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' }), text);
    }
  });

  it('cannot steer a terminal', () => {
    for (const text of nasty) assert.doesNotMatch(shellWord(text), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('gives a value that begins with a dash so that it is no flag', () => {
    const line = amtoolLine({
      url: 'http://a/b c',
      matchers: readMatchers(['a=b']),
      createdBy: 'sam',
      comment: '-x y',
      forMs: 5_400_000,
    });
    assert.equal(line, `amtool silence add '--alertmanager.url=http://a/b c' -a sam '--comment=-x y' -d 1h30m 'a="b"'`);
  });
});
