import assert from 'node:assert/strict';
import { json } from '../../../support/recording-server.ts';
import { API, ScriptedGitHub } from './scripted-github.ts';

const SHA = 'a'.repeat(40);
const refused = json(403, { message: 'Resource not accessible by personal access token' });
const none = { runs: { workflow_runs: [] }, checks: { check_runs: [] }, statuses: { statuses: [] } };

describe('the checks of a commit', () => {
  const github = new ScriptedGitHub();
  afterEach(() => github.close());

  async function look(answers: { runs?: object | null; checks?: object | null; statuses?: object | null }) {
    const told = { ...none, ...answers };
    const client = await github.answering((response, request) => {
      const { path } = request;
      const body = path.includes('/check-runs') ? told.checks : path.includes('/status') ? told.statuses : told.runs;
      (body ? json(200, body) : refused)(response, request);
    });
    return client.checks(API, SHA);
  }
  const run = (name: string, conclusion: string | null, event = 'push') => ({ name, conclusion, event });

  it('are the workflow runs that it set off, and not those that somebody started by hand', async () => {
    const workflow_runs = [
      run('CI', 'success'),
      run('Lint', 'failure'),
      run('E2E', null),
      run('Deploy', 'failure', 'workflow_dispatch'),
    ];
    const found = await look({ runs: { workflow_runs } });
    assert.deepEqual(found, { failed: ['Lint'], pending: ['E2E'], total: 3, seen: true });
  });

  it('are also those of other apps, and commit statuses; what was skipped is good', async () => {
    const check_runs = [
      { name: 'CI', conclusion: 'failure', app: { slug: 'github-actions' } },
      { name: 'buildkite', conclusion: 'cancelled', app: { slug: 'buildkite' } },
      { name: 'docs', conclusion: 'skipped', app: { slug: 'docs' } },
    ];
    const statuses = [
      { context: 'jenkins', state: 'pending' },
      { context: 'sonar', state: 'error' },
    ];
    const found = await look({ checks: { check_runs }, statuses: { statuses } });
    assert.deepEqual(found, { failed: ['buildkite', 'sonar'], pending: ['jenkins'], total: 4, seen: true });
  });

  it('are told as far as the token sees them', async () => {
    const found = await look({ checks: null, statuses: null, runs: { workflow_runs: [run('CI', 'success')] } });
    assert.deepEqual(found, { failed: [], pending: [], total: 1, seen: true });
    assert.equal((await look({ checks: null, statuses: null, runs: null })).seen, false);
  });
});
