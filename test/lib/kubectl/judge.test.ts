import assert from 'node:assert/strict';
import { OncallError } from '../../../src/lib/errors.ts';
import { type Judgement, judge } from '../../../src/lib/kubectl/judge.ts';
import { CASES, type Fate, wordsOf } from './cases.ts';

const AIM = { service: 'dolthubapi', namespace: 'production' };
const POD = 'dolthubapi-1';

function ask(text: string, write: boolean): Judgement | OncallError {
  try {
    return judge(wordsOf(text, POD), AIM, { write });
  } catch (error) {
    assert.ok(error instanceof OncallError, String(error));
    return error;
  }
}

function fateOf(text: string): Fate {
  const without = ask(text, false);
  const withWrite = ask(text, true);
  if (!(without instanceof OncallError)) {
    assert.equal(without.writes, false);
    assert.deepEqual(withWrite, without, 'reading needs no --write, and --write does not make it writing');
    return 'read';
  }
  if (!(withWrite instanceof OncallError)) {
    assert.equal(withWrite.writes, true);
    assert.equal(without.code, 'REFUSED');
    assert.match(without.message, /^Not run without --write: /);
    return 'write';
  }
  return withWrite.code === 'USAGE' ? 'usage' : 'refused';
}

describe('what kubectl may be asked', () => {
  for (const [text, fate] of CASES) {
    it(`${fate}: kubectl ${text}`, () => assert.equal(fateOf(text), fate));
  }

  it('has a table worth the name', () => assert.ok(CASES.length > 180, String(CASES.length)));

  it('says what was read beyond the service', () => {
    const elsewhere = (text: string) => (ask(text, false) as Judgement).elsewhere;
    assert.equal(elsewhere('get pods'), null);
    assert.equal(elsewhere('get pods -n production'), null);
    assert.equal(elsewhere('get pods -n kube-system'), 'kube-system');
    assert.equal(elsewhere('-nkube-system get pods'), 'kube-system');
    assert.equal(elsewhere('get pods -n=production'), null);
    assert.equal(elsewhere('get pods -A'), '*');
    assert.equal(elsewhere('get pods --all-namespaces=false'), null);
  });

  it('knows what goes on for ever, and what shows other services too', () => {
    const of = (text: string) => ask(text, false) as Judgement;
    assert.ok(of('get pods -w').endless && of('logs -f x').endless && of('events --watch').endless);
    assert.ok(!of('get pods --watch=false').endless && !of('rollout status deployment/x -w').endless);
    assert.ok(of('get pods').unselected && of('top pods').unselected && of('get po,svc').unselected);
    for (const text of [
      'get pods -A',
      'get pods -n other',
      'get pods x',
      'get pod/x',
      'get pods -l a=b',
      'get nodes',
      'top nodes',
      'logs x',
    ])
      assert.ok(!of(text).unselected, text);
  });

  it('writes down the command and the type of a change, and nothing else', () => {
    const of = (text: string) => {
      const { verb, type } = ask(text, true) as Judgement;
      return [verb, type];
    };
    assert.deepEqual(of('delete po hunter2'), ['delete', 'pods']);
    assert.deepEqual(of('exec hunter2 -- psql -c hunter2'), ['exec', 'pods']);
    assert.deepEqual(of('set image deploy/hunter2 a=b'), ['set image', 'deployments']);
    assert.deepEqual(of('delete hunter2'), ['delete', null]);
    assert.deepEqual(of('get secrets hunter2'), ['get', 'secrets']);
  });

  it('does not repeat the words in a refusal', () => {
    for (const text of [
      'create secret generic x --from-literal=a=hunter2',
      'get secret hunter2',
      'get pods --token=hunter2',
    ]) {
      const { message, hint } = ask(text, false) as OncallError;
      assert.doesNotMatch(`${message} ${hint}`, /hunter2/);
    }
  });
});
