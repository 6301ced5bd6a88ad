import assert from 'node:assert/strict';
import { failing } from '../../../support/connection.ts';
import { closedPort, inTurn, json, text } from '../../../support/recording-server.ts';
import { API, connect, repository, ScriptedGitHub } from './scripted-github.ts';

const REVERT = { workflow: 'revert.yml', ref: 'main', inputs: { nonce: 'n-1' } };

describe('a workflow is started at most once', () => {
  const server = new ScriptedGitHub();
  afterEach(() => server.close());

  it('when GitHub answers with an error of its own', async () => {
    const github = await server.answering(text(502, '<html>Unicorn!</html>', { 'content-type': 'text/html' }));
    await assert.rejects(
      github.dispatch(API, REVERT),
      failing('UNAVAILABLE', /did not say whether it started revert.yml.*\(502\).*not asked twice.*gh run list/),
    );
    assert.equal(server.received.length, 1);
  });

  it('when the connection breaks', async () => {
    const github = await server.answering((response) => response.destroy());
    await assert.rejects(github.dispatch(API, REVERT), failing('UNAVAILABLE', /the connection broke.*It may have/));
    assert.equal(server.received.length, 1);
  });

  it('when it is refused for any other reason than the field that an older server lacks', async () => {
    const github = await server.answering(json(422, { message: "Workflow does not have 'workflow_dispatch' trigger" }));
    await assert.rejects(github.dispatch(API, REVERT), failing('FAILED', /Workflow does not have 'workflow_dispatch'/));
    assert.equal(server.received.length, 1);
    const old = { message: 'Invalid request.\n\n"return_run_details" is not a permitted key.' };
    const older = await server.answering(inTurn(json(422, old), (response) => response.writeHead(204).end()));
    assert.equal(await older.dispatch(API, REVERT), null);
    assert.deepEqual(
      server.received.map(({ body }) => JSON.parse(body)),
      [
        { ref: 'main', inputs: { nonce: 'n-1' }, return_run_details: true },
        { ref: 'main', inputs: { nonce: 'n-1' } },
      ],
    );
  });

  it('and what says accepted in words that cannot be read is accepted', async () => {
    const github = await server.answering(text(200, '{"workflow_run_id":', { 'content-type': 'application/json' }));
    assert.equal(await github.dispatch(API, REVERT), null);
  });

  it('and one that never left is not said to be doubtful', async () => {
    const away = connect(await closedPort());
    await assert.rejects(away.dispatch(API, REVERT), failing('UNAVAILABLE', /GitHub at .* cannot be reached/));
  });

  it('on a connection of its own, so that a stale one cannot swallow it', async () => {
    const github = await server.answering(repository);
    await github.defaultBranch(API);
    await github.dispatch(API, REVERT);
    assert.equal(server.received[1]?.headers.connection, 'close');
  });
});
