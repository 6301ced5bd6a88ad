import assert from 'node:assert/strict';
import { failing } from '../../../support/connection.ts';
import { closedPort, halfOf, inTurn, json, text } from '../../../support/recording-server.ts';
import { API, connect, repository, ScriptedGitHub, TOKEN } from './scripted-github.ts';

describe('GitHub, on a bad day', () => {
  const server = new ScriptedGitHub();
  afterEach(() => server.close());

  it('tells the scopes of a classic token, and that a fine-grained one lists none', async () => {
    const table: [headers: Record<string, string>, scopes: string[] | null][] = [
      [{ 'x-oauth-scopes': 'repo, workflow' }, ['repo', 'workflow']],
      [{ 'x-oauth-scopes': '' }, []],
      [{}, null],
    ];
    for (const [headers, scopes] of table) {
      const github = await server.answering(json(200, { login: 'sam' }, headers));
      assert.deepEqual((await github.whoAmI()).scopes, scopes);
    }
  });

  it('tries a read twice', async () => {
    const github = await server.answering(inTurn(text(503, 'busy'), repository));
    assert.equal(await github.defaultBranch(API), 'main');
    assert.equal(server.received.length, 2);
    const away = await server.answering(json(500, { message: 'Server Error' }));
    await assert.rejects(away.defaultBranch(API), failing('UNAVAILABLE', /not available right now \(500\)/));
    assert.equal(server.received.length, 2);
  });

  it('tells the limits apart and says when to try again', async () => {
    const reset = String(Date.parse('2026-01-02T03:14:05Z') / 1000);
    const date = 'Fri, 02 Jan 2026 03:04:05 GMT';
    for (const [reply, words] of [
      [
        json(
          403,
          { message: 'API rate limit exceeded' },
          { 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '5000', 'x-ratelimit-reset': reset, date },
        ),
        /5000 requests an hour.*in 10 min, at 2026-01-02T03:14:05Z/,
      ],
      [
        json(403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '34' }),
        /secondary rate limit.*in 34 s/,
      ],
      [json(429, { message: 'Too many requests' }, { 'retry-after': '600' }), /in 10 min/],
      [json(403, { message: 'You have exceeded a secondary rate limit.' }), /in a minute/],
    ] as const) {
      const github = await server.answering(reply);
      await assert.rejects(github.defaultBranch(API), failing('RATE_LIMITED', words));
      assert.equal(server.received.length, 1);
    }
  });

  it('leads to the page where an organization authorizes a token', async () => {
    const url = 'https://github.com/orgs/dolthub/sso?authorization_request=AZ';
    const github = await server.answering(
      json(
        403,
        { message: 'Resource protected by organization SAML enforcement.' },
        { 'x-github-sso': `required; url=${url}` },
      ),
    );
    await assert.rejects(
      github.defaultBranch(API),
      failing('AUTH', /single sign-on.*Open https:\/\/github.com\/orgs\/dolthub\/sso\?/),
    );
  });

  it('follows a renamed repository on the same server, but takes the token nowhere else', async () => {
    const renamed = await server.answering((response, request) => {
      if (request.path === '/repositories/1') return repository(response, request);
      text(301, '{}', { location: `${server.url}/repositories/1` })(response, request);
    });
    assert.equal(await renamed.defaultBranch(API), 'main');
    const elsewhere = await server.answering(text(302, '', { location: 'https://elsewhere.example.test/' }));
    await assert.rejects(elsewhere.defaultBranch(API), failing('CONFIG', /sends us on.*github.apiUrl/));
  });

  it('does not take half an answer for a whole one', async () => {
    const list = JSON.stringify({ default_branch: 'main', description: 'x'.repeat(100) });
    for (const [reply, words] of [
      [halfOf(list), /the connection broke/],
      [text(200, list.slice(0, 40), { 'content-type': 'application/json' }), /cannot be read/],
      [text(200, '<html>log in</html>', { 'content-type': 'text/html' }), /cannot be read.*github.apiUrl/],
    ] as const) {
      await assert.rejects((await server.answering(reply)).defaultBranch(API), failing('UNAVAILABLE', words));
    }
    const odd = await server.answering(json(200, { message: 'hello' }));
    await assert.rejects(odd.runs(API, { workflow: 'deploy.yml', limit: 1 }), failing('UNAVAILABLE', /cannot be read/));
    await assert.rejects(odd.commits(API, { limit: 1 }), failing('UNAVAILABLE', /cannot be read/));
  });

  it('reads all commits between two, page by page, and says when it stopped', async () => {
    const wire = (n: number) => ({
      sha: String(n).padStart(40, '0'),
      html_url: `https://github.com/${API}/commit/${n}`,
      commit: { message: `Change ${n} (#${n})`, author: { name: 'ana', date: '2026-01-01T00:00:00Z' } },
    });
    const total = 320;
    const github = await server.answering((response, request) => {
      const page = Number(request.query.get('page'));
      const commits = Array.from({ length: total }, (_, n) => wire(n + 1)).slice((page - 1) * 100, page * 100);
      const files = page === 1 ? [{ filename: 'a.go' }] : [];
      json(200, { status: 'ahead', total_commits: total, commits, files, html_url: 'u' })(response, request);
    });
    const found = await github.compare(API, { base: 'a', head: 'b' });
    assert.equal(found.commits.length, 250);
    assert.deepEqual(found.files, ['a.go']);
    assert.equal(found.truncated, true);
    assert.equal(found.pulls.length, 250);
    assert.equal(found.pulls[0]?.url, `https://github.com/${API}/pull/1`);
    assert.equal(server.received.length, 3);
  });

  it('asks for the pull requests of commits that do not name theirs, and can do without the answer', async () => {
    const commit = (sha: string, message: string) => ({
      sha,
      html_url: 'u',
      commit: { message, author: { name: 'ana' } },
    });
    const commits = [commit('a', 'One'), commit('b', 'Two'), commit('c', 'Three (#3)')];
    const compared = json(200, { status: 'ahead', total_commits: 3, commits, files: [], html_url: 'u' });
    const pull = {
      number: 2,
      title: 'Two at once',
      user: { login: 'ben' },
      html_url: 'p',
      merged_at: '2026-01-01T00:00:00Z',
    };
    const open = { ...pull, number: 9, merged_at: null };
    const telling = await server.answering((response, request) =>
      (request.path.endsWith('/pulls') ? json(200, [pull, open]) : compared)(response, request),
    );
    const found = await telling.compare(API, { base: 'x', head: 'y' });
    assert.deepEqual(
      found.pulls.map(({ number }) => number),
      [2, 3],
    );
    assert.equal(found.truncated, false);
    const silent = await server.answering((response, request) =>
      (request.path.endsWith('/pulls') ? json(403, { message: 'no' }) : compared)(response, request),
    );
    const rest = await silent.compare(API, { base: 'x', head: 'y' });
    assert.deepEqual(
      rest.pulls.map(({ number }) => number),
      [3],
    );
    assert.equal(rest.truncated, true);
  });

  it('looks five minutes further back for a run, since clocks differ', async () => {
    const github = await server.answering(json(200, { total_count: 0, workflow_runs: [] }));
    await github.findRun(API, { workflow: 'revert.yml', nonce: 'n', createdAfter: '2026-01-02T03:04:05.678Z' });
    const query = server.received[0]?.query;
    assert.equal(query?.get('created'), '>=2026-01-02T02:59:05Z');
    assert.equal(query?.get('event'), 'workflow_dispatch');
  });

  it('says that the sandbox has gone, and never leaves this machine in a practice world', async () => {
    const gone = connect(await closedPort(), { world: 'sandbox' });
    await assert.rejects(gone.whoAmI(), failing('UNAVAILABLE', /The sandbox has gone: no GitHub/));
    const real = connect('https://api.github.com', { world: 'sandbox' });
    await assert.rejects(real.whoAmI(), failing('REFUSED', /api.github.com is outside this machine/));
  });

  it('stops at once when interrupted', async () => {
    const abort = new AbortController();
    const github = await server.answering(() => abort.abort(), { signal: abort.signal });
    await assert.rejects(github.defaultBranch(API), failing('INTERRUPTED', /Interrupted/));
  });

  it('refuses a repository that is none before it asks anything', async () => {
    const github = await server.answering(repository);
    for (const name of ['dolthubapi', 'https://github.com/dolthub/dolthubapi', 'a/b/c', '']) {
      await assert.rejects(github.defaultBranch(name), failing('CONFIG', /owner\/name/));
    }
    assert.equal(server.received.length, 0);
  });

  it('shows the token to GitHub alone: no error carries it, and nothing is printed', async () => {
    const printed: unknown[] = [];
    const { write } = process.stderr;
    process.stderr.write = ((piece: unknown) => printed.push(piece) > 0) as typeof write;
    try {
      const deprecated = json(401, { message: 'Bad credentials' }, { deprecation: 'Sat, 01 Jan 2028 00:00:00 GMT' });
      const github = await server.answering(deprecated);
      await assert.rejects(github.whoAmI(), (error: Error) => {
        const all = JSON.stringify(error, Object.getOwnPropertyNames(error));
        assert.doesNotMatch(`${all} ${JSON.stringify(error.cause ?? null)}`, /not_for_anybodys_eyes/);
        return true;
      });
    } finally {
      process.stderr.write = write;
    }
    assert.deepEqual(printed, []);
    assert.equal(server.received[0]?.headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(server.received[0]?.headers['x-github-api-version'], '2022-11-28');
  });
});
