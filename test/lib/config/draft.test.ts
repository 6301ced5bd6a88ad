import assert from 'node:assert/strict';
import { repositoryOf, withRepositories } from '../../../src/lib/cli/new-config.ts';
import { parseDocumentText } from '../../../src/lib/config/document.ts';
import { type Answers, draftConfig } from '../../../src/lib/config/draft.ts';

const NOTHING: Answers = {
  team: null,
  services: [],
  plan: null,
  schedule: null,
  region: null,
  profile: null,
  context: null,
  namespace: null,
  prometheus: null,
  alertmanager: null,
};

describe('a new configuration', () => {
  it('says what was answered, and nothing else', () => {
    const text = draftConfig(
      {
        ...NOTHING,
        services: [
          { name: 'api', repository: 'acme/api' },
          { name: 'on', repository: null },
        ],
        plan: 'engineering',
        region: 'us-west-2',
        prometheus: 'https://prometheus.example.com',
      },
      'oncall.yaml',
    );
    assert.deepEqual(parseDocumentText(text, 'oncall.yaml').content, {
      version: 1,
      escalation: { plan: 'engineering' },
      aws: { region: 'us-west-2' },
      prometheus: { url: 'https://prometheus.example.com' },
      services: { api: { repository: 'acme/api' }, on: {} },
    });
  });

  it('is refused when an answer is not valid, or a secret', () => {
    assert.throws(() => draftConfig({ ...NOTHING, region: 'Oregon' }, 'x'), { code: 'CONFIG' });
    assert.throws(() => draftConfig({ ...NOTHING, prometheus: 'https://u:p@example.com' }, 'x'), { code: 'CONFIG' });
  });
});

describe('the repository that we stand in', () => {
  for (const [remote, repository] of [
    ['git@github.com:acme/api.git', 'acme/api'],
    ['https://github.com/acme/api', 'acme/api'],
    ['https://github.com/acme/api.git/', 'acme/api'],
    ['ssh://git@github.example.com:22/acme/api.go.git\n', 'acme/api.go'],
    ['/srv/git/acme/api.git', null],
    ['../api', null],
    ['', null],
  ] as const) {
    it(`is ${repository ?? 'none'} for ${JSON.stringify(remote)}`, () =>
      assert.equal(repositoryOf(remote), repository));
  }

  it('belongs to the only service, or to the one of its name', () => {
    assert.deepEqual(withRepositories(['x'], undefined, 'acme/api'), [{ name: 'x', repository: 'acme/api' }]);
    assert.deepEqual(withRepositories(['api', 'web'], undefined, 'acme/api'), [
      { name: 'api', repository: 'acme/api' },
      { name: 'web', repository: null },
    ]);
  });

  it('is the given one for all, or one for each', () => {
    const all = withRepositories(['a', 'b'], ['acme/mono'], 'acme/api');
    assert.deepEqual(
      all.map(({ repository }) => repository),
      ['acme/mono', 'acme/mono'],
    );
    const each = withRepositories(['a', 'b'], ['acme/a', 'acme/b'], null);
    assert.deepEqual(
      each.map(({ repository }) => repository),
      ['acme/a', 'acme/b'],
    );
    assert.throws(() => withRepositories(['a', 'b', 'c'], ['x/a', 'x/b'], null), { code: 'USAGE' });
  });
});
