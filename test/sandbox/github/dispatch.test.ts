import assert from 'node:assert/strict';
import { type ServedGithub, serveGithub } from '../../support/serve-github.ts';

const repo = { owner: 'dolthub', repo: 'dolthubapi' };
const revert = { ...repo, workflow_id: 'revert.yml', ref: 'main' };

describe('a workflow dispatch', () => {
  let github: ServedGithub;
  let sha: string;

  beforeEach(async () => {
    github = await serveGithub();
    sha = github.repositories.of('dolthubapi').history.main[2]?.sha ?? '';
  });
  afterEach(() => github.stop());

  const refused = (message: string) => ({
    status: 422,
    message: new RegExp(`^${message.replace(/[[\]()]/g, '\\$&')}`),
  });

  it('names the run at once when it is asked to', async () => {
    const octokit = github.octokit();
    const answer = await octokit.actions.createWorkflowDispatch({
      ...revert,
      inputs: { sha, nonce: 'n-1' },
      return_run_details: true,
    });
    assert.equal(answer.status, 200 as number);
    const details = answer.data as unknown as { workflow_run_id: number; run_url: string; html_url: string };
    const { data: run } = await octokit.actions.getWorkflowRun({ ...repo, run_id: details.workflow_run_id });
    assert.equal(run.url, details.run_url);
    assert.equal(run.html_url, details.html_url);
    assert.deepEqual(
      [run.status, run.event, run.display_title, run.actor?.login, run.run_number, run.head_branch],
      ['queued', 'workflow_dispatch', `Revert to ${sha} n-1`, 'sam-okafor', 1, 'main'],
    );
    assert.equal(run.head_sha, github.repositories.of('dolthubapi').history.head.sha);
  });

  it('says nothing otherwise, and the run is in lists two seconds later, to be found by its title', async () => {
    const octokit = github.octokit();
    const created = `>=${new Date().toISOString().slice(0, 19)}Z`;
    const answer = await octokit.actions.createWorkflowDispatch({ ...revert, inputs: { sha, nonce: 'n-2' } });
    assert.equal(answer.status, 204);
    const list = async () =>
      (
        await octokit.actions.listWorkflowRuns({
          ...repo,
          workflow_id: 'revert.yml',
          event: 'workflow_dispatch',
          created,
        })
      ).data.workflow_runs;
    assert.equal((await list()).length, 0);
    github.clock.advance(2_000);
    assert.deepEqual(
      (await list()).map((run) => run.display_title),
      [`Revert to ${sha} n-2`],
    );
  });

  it('is refused for a ref that is no branch or tag, even if it is a commit', async () => {
    const { actions } = github.octokit();
    await assert.rejects(
      actions.createWorkflowDispatch({ ...revert, ref: 'gone', inputs: { sha } }),
      refused('No ref found for: gone'),
    );
    await assert.rejects(
      actions.createWorkflowDispatch({ ...revert, ref: sha, inputs: { sha } }),
      refused('No ref found for:'),
    );
  });

  it('is refused for an input that the workflow lacks or that is missing, or a body that is wrong', async () => {
    const octokit = github.octokit();
    const send = (body: Record<string, unknown>) =>
      octokit.request(`POST /repos/dolthub/dolthubapi/actions/workflows/revert.yml/dispatches`, body);
    await assert.rejects(
      send({ ref: 'main', inputs: { sha, tag: 'x' } }),
      refused('Unexpected inputs provided: ["tag"]'),
    );
    await assert.rejects(send({ ref: 'main' }), refused("Required input 'sha' not provided"));
    await assert.rejects(send({ inputs: { sha } }), refused('Invalid request.\n\n"ref" wasn\'t supplied.'));
    await assert.rejects(
      send({ ref: 'main', inputs: { sha }, nonce: 'x' }),
      refused('Invalid request.\n\n"nonce" is not a permitted key.'),
    );
    assert.equal(
      github.repositories.of('dolthubapi').runs.listed.filter((run) => run.title.startsWith('Revert')).length,
      0,
    );
  });

  it('is refused for a workflow that cannot be started by hand, is disabled, or does not exist', async () => {
    const { actions } = github.octokit();
    await assert.rejects(
      actions.createWorkflowDispatch({ ...revert, workflow_id: 'ci.yml' }),
      refused("Workflow does not have 'workflow_dispatch' trigger"),
    );
    await assert.rejects(actions.createWorkflowDispatch({ ...revert, workflow_id: 'roll.yml' }), { status: 404 });
    await actions.disableWorkflow(revert);
    assert.equal((await actions.getWorkflow(revert)).data.state, 'disabled_manually');
    await assert.rejects(
      actions.createWorkflowDispatch({ ...revert, inputs: { sha } }),
      refused("Cannot trigger a 'workflow_dispatch' on a disabled workflow"),
    );
    await actions.enableWorkflow(revert);
    await actions.createWorkflowDispatch({ ...revert, inputs: { sha } });
  });

  it('is refused by an older Enterprise server when it carries the new flag', async () => {
    const old = await serveGithub({ knowsRunDetails: false });
    const { actions } = old.octokit();
    const inputs = { sha };
    await assert.rejects(
      actions.createWorkflowDispatch({ ...revert, inputs, return_run_details: true }),
      refused('Invalid request.\n\n"return_run_details" is not a permitted key.'),
    );
    assert.equal((await actions.createWorkflowDispatch({ ...revert, inputs })).status, 204);
    await old.stop();
  });
});
