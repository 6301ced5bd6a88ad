import assert from 'node:assert/strict';
import { type Hold, holdIsRead, readHoldText, setHold } from '../../../src/lib/deploys/hold.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { githubWith, minutesAgo } from './some-deploys.ts';

const hold: Hold = {
  service: 'dolthubapi',
  reason: 'crash loop',
  by: 'ana',
  since: minutesAgo(5),
  until: minutesAgo(-480),
};

describe('the text of a hold', () => {
  it('is read back as it was written', () => {
    assert.deepEqual(readHoldText(JSON.stringify(hold)), hold);
  });

  for (const text of ['ask ana before you deploy', '"true"', '[1]', '{', 'null']) {
    it(`is a reason when somebody wrote ${text} by hand`, () => assert.equal(readHoldText(text).reason, text));
  }

  it('does not believe a time that is none', () => {
    assert.equal(readHoldText('{"reason":"x","until":"soon"}').until, null);
  });
});

describe('whether the deploy workflow reads the hold', () => {
  for (const [text, expected] of [
    ["jobs: {ship: {if: vars.DEPLOY_HOLD == '', steps: [{run: kubectl apply -f .}]}}", true],
    ['jobs: {ship: {steps: [{run: kubectl apply -f .}]}} # vars.DEPLOY_HOLD is for later', false],
    ['nothing to read', null],
    [null, null],
  ] as const) {
    it(`${text}: ${expected}`, async () => {
      assert.equal(await holdIsRead(githubWith({ file: async () => text }), 'a/b', 'deploy.yml'), expected);
    });
  }
});

describe('setting a hold', () => {
  const away = new OncallError('no answer', { code: 'UNAVAILABLE' });

  it('is done when it reads back the same after a lost answer', async () => {
    let stored: string | null = null;
    const github = githubWith({
      setVariable: async (_, __, value) => {
        stored = value;
        throw away;
      },
      variable: async () => stored,
    });
    await setHold(github, 'a/b', hold);
  });

  it('fails with what GitHub said when it was not', async () => {
    const github = githubWith({ setVariable: () => Promise.reject(away), variable: async () => null });
    await assert.rejects(setHold(github, 'a/b', hold), away);
  });

  it('is not verified when it reads back differently', async () => {
    const github = githubWith({ setVariable: async () => {}, variable: async () => 'something else' });
    await assert.rejects(setHold(github, 'a/b', hold), { code: 'NOT_VERIFIED' });
  });
});
