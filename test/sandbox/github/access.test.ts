import assert from 'node:assert/strict';
import { request } from 'node:http';
import { Octokit } from '@octokit/rest';
import { type ServedGithub, serveGithub, TOKENS } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };

describe('who may ask GitHub in the sandbox', () => {
  let github: ServedGithub;

  beforeEach(async () => {
    github = await serveGithub();
  });
  afterEach(() => github.stop());

  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${github.baseUrl}${path}`, { headers });

  it('tells a caller who it is and when its token ends', async () => {
    const { data, headers } = await github.octokit('reader').users.getAuthenticated();
    assert.equal(data.login, 'meitanaka');
    const expiry = new Date(TOKENS.reader.expiresAt).toISOString();
    const said = `${expiry.slice(0, 10)} ${expiry.slice(11, 19)} UTC`;
    assert.equal(headers['github-authentication-token-expiration'], said);
    const forever = await github.octokit('sam').users.getAuthenticated();
    assert.equal(forever.headers['github-authentication-token-expiration'], undefined);
  });

  it('knows nobody without a token, and hides private repositories from them', async () => {
    const anonymous = github.octokit(null);
    await assert.rejects(anonymous.users.getAuthenticated(), { status: 401, message: /^Requires authentication/ });
    await assert.rejects(anonymous.repos.get(repo), { status: 404, message: /^Not Found/ });
  });

  it('refuses a wrong token and one that has expired', async () => {
    for (const token of ['nonsense', TOKENS.expired.token]) {
      const answer = await ask('/repos/dolthub/dolthubapi', { authorization: `token ${token}` });
      assert.equal(answer.status, 401);
      const body = (await answer.json()) as Record<string, string>;
      assert.deepEqual([body['message'], body['status']], ['Bad credentials', '401']);
      assert.match(body['documentation_url'] ?? '', /^https:\/\/docs\.github\.com\/rest/);
    }
  });

  it('refuses a write to a token that may only read, and says what it would take', async () => {
    const { actions } = github.octokit('reader');
    await assert.rejects(
      actions.createWorkflowDispatch({ ...repo, workflow_id: 'revert.yml', ref: 'main', inputs: { sha: 'x' } }),
      (error: { status: number; message: string; response: { headers: Record<string, string> } }) => {
        assert.equal(error.status, 403);
        assert.match(error.message, /^Resource not accessible by personal access token/);
        assert.equal(error.response.headers['x-accepted-github-permissions'], 'actions=write');
        return true;
      },
    );
    await assert.rejects(actions.getRepoVariable({ ...repo, name: 'DEPLOY_HOLD' }), { status: 403 });
    assert.ok((await actions.listRepoWorkflows(repo)).data.total_count === 3);
  });

  it('has no repository that it does not have, and no operation either', async () => {
    const octokit = github.octokit();
    await assert.rejects(octokit.repos.get({ ...repo, repo: 'secret' }), { status: 404 });
    await assert.rejects(octokit.request('GET /repos/dolthub/dolthubapi/traffic/views'), {
      status: 404,
      message: /^Not Found/,
    });
    await assert.rejects(octokit.request('GET /repos/dolthub/%E0%A4'), { status: 404 });
  });

  it('counts requests, says so in headers, and refuses the one too many', async () => {
    const octokit = github.octokit('hurried');
    const first = await octokit.users.getAuthenticated();
    assert.deepEqual(
      [
        first.headers['x-ratelimit-limit'],
        first.headers['x-ratelimit-remaining'],
        first.headers['x-ratelimit-resource'],
      ],
      ['3', '2', 'core'],
    );
    await octokit.users.getAuthenticated();
    await octokit.users.getAuthenticated();
    const { data } = await octokit.rateLimit.get();
    assert.deepEqual([data.resources.core.remaining, data.rate.used], [0, 3]);
    await assert.rejects(octokit.users.getAuthenticated(), {
      status: 403,
      message: /^API rate limit exceeded for user ID \d+/,
    });
    await github.octokit('sam').users.getAuthenticated();
  });

  it('is reached under /api/v3 too, and its links stay there', async () => {
    const octokit = new Octokit({ auth: TOKENS.sam.token, baseUrl: `${github.baseUrl}/api/v3` });
    const commits = await octokit.paginate(octokit.repos.listCommits, { ...repo, per_page: 2 });
    assert.equal(commits.length, 4);
    assert.ok(commits[0]?.url.startsWith(`${github.baseUrl}/api/v3/repos/`));
  });

  it('speaks the version that it is asked for, and drops `rate` from the newest', async () => {
    const headers = { authorization: `Bearer ${TOKENS.sam.token}` };
    const usual = await ask('/rate_limit', headers);
    assert.equal(usual.headers.get('x-github-api-version-selected'), '2022-11-28');
    const newest = await ask('/rate_limit', { ...headers, 'x-github-api-version': '2026-03-10' });
    assert.equal(newest.headers.get('x-github-api-version-selected'), '2026-03-10');
    assert.deepEqual(Object.keys((await newest.json()) as object), ['resources']);
    assert.equal((await ask('/user', { ...headers, 'x-github-api-version': '2019-01-01' })).status, 400);
  });

  it('refuses a caller without a user agent, and a body that is no JSON', async () => {
    const status = await new Promise((resolve) => {
      request(`${github.baseUrl}/user`, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    assert.equal(status, 403);
    const answer = await fetch(`${github.baseUrl}/repos/dolthub/dolthubapi/deployments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.sam.token}` },
      body: '{"ref":',
    });
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { message: string }).message],
      [400, 'Problems parsing JSON'],
    );
  });
});
