import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { startWorld, type TestWorld } from '../support/world.ts';

/**
 * The practice world as people meet it with tools that are not ours: the stock `aws`, `kubectl` and `curl`, pointed at it
 * by nothing but the environment that `oncall sandbox env` prints. All three must be installed; `.ci/run` sees to it.
 */
describe('stock clients in the practice world', function () {
  this.timeout(120_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  function run(program: string, ...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: world.env.ONCALL_SANDBOX, LANG: 'C.UTF-8', ...world.env };
    return new Promise((resolve, reject) => {
      execFile(program, args, { env, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${program} ${args.join(' ')}: ${stderr || error.message}`));
        else resolve(stdout);
      });
    });
  }
  const aws = async <T>(...args: string[]): Promise<T> =>
    JSON.parse((await run('aws', ...args, '--output', 'json')) || '{}') as T;

  interface Records {
    incidentRecordSummaries: { arn: string; title: string; status: string }[];
  }

  async function openIncident(): Promise<string> {
    const filters = '[{"key":"status","condition":{"equals":{"stringValues":["OPEN"]}}}]';
    const { incidentRecordSummaries: open } = await aws<Records>(
      'ssm-incidents',
      'list-incident-records',
      '--filters',
      filters,
    );
    assert.deepEqual(
      open.map(({ title }) => title),
      ['dolthubapi is down'],
    );
    return open[0]?.arn ?? '';
  }

  async function paged(incident: string): Promise<string[]> {
    const { Engagements } = await aws<{ Engagements: { EngagementArn: string }[] }>(
      'ssm-contacts',
      'list-engagements',
      '--incident-id',
      incident,
    );
    const people = new Set<string>();
    for (const { EngagementArn } of Engagements) {
      const { Pages } = await aws<{ Pages: { ContactArn: string }[] }>(
        'ssm-contacts',
        'list-pages-by-engagement',
        '--engagement-id',
        EngagementArn,
      );
      for (const { ContactArn } of Pages) people.add(ContactArn.split('/').at(-1) ?? '');
    }
    return [...people].sort();
  }

  it('aws sees the second and then the third responder paged while nobody acknowledges', async () => {
    const incident = await openIncident();
    assert.deepEqual(await paged(incident), ['sam']);
    world.advance(300);
    assert.deepEqual(await paged(incident), ['ana', 'sam']);
    world.advance(300);
    assert.deepEqual(await paged(incident), ['ana', 'sam', 'tom']);
  });

  it('aws accepts the page, and the escalation stops', async () => {
    const incident = await openIncident();
    const contact = 'arn:aws:ssm-contacts:us-west-2:000000000000:contact/sam';
    const { Pages } = await aws<{ Pages: { PageArn: string; IncidentId: string }[] }>(
      'ssm-contacts',
      'list-pages-by-contact',
      '--contact-id',
      contact,
    );
    const page = Pages.find(({ IncidentId }) => IncidentId === incident)?.PageArn ?? '';
    await run(
      'aws',
      'ssm-contacts',
      'accept-page',
      '--page-id',
      page,
      '--accept-type',
      'READ',
      '--accept-code',
      '000000',
      '--accept-code-validation',
      'IGNORE',
    );
    world.advance(3600);
    assert.deepEqual(await paged(incident), ['sam']);
    const ran = await world.oncall(['ack', '--json']);
    assert.equal(ran.json<{ result: { already: boolean } }>().result.already, true);
  });

  it('kubectl gets, describes, follows logs, and heals by rolling back', async () => {
    assert.match(await run('kubectl', 'get', 'pods', '-l', 'app=dolthubapi'), /CrashLoopBackOff|Error/);
    const pod = (await run('kubectl', 'get', 'pods', '-l', 'app=dolthubapi', '-o', 'name')).split('\n')[0] ?? '';
    assert.match(await run('kubectl', 'describe', pod), /Exit Code:\s+2/);
    assert.match(await run('kubectl', 'logs', '--previous', pod), /panic: runtime error/);
    const healthy = (await run('kubectl', 'get', 'pods', '-l', 'app=userservice', '-o', 'name')).split('\n')[0] ?? '';
    const follow = spawn('kubectl', ['logs', '-f', '--tail', '1', healthy], { env: { ...process.env, ...world.env } });
    const [first] = (await once(follow.stdout, 'data')) as [Buffer];
    assert.match(first.toString(), /"msg":/);
    follow.kill();
    await run('kubectl', 'rollout', 'undo', 'deployment/dolthubapi');
    world.advance(60);
    await run('kubectl', 'rollout', 'status', 'deployment/dolthubapi', '--timeout', '20s');
    const resolved = await world.oncall(['resolve', '--yes']);
    assert.equal(resolved.code, 0, resolved.stdout + resolved.stderr);
  });

  it('curl heals by starting the revert workflow', async () => {
    const { GITHUB_API_URL: api, GITHUB_TOKEN: token } = world.env;
    const headers = ['-H', `authorization: Bearer ${token}`, '-sS', '--fail-with-body'];
    const repository = `${api}/repos/dolthub/dolthubapi`;
    const [, good] = JSON.parse(await run('curl', ...headers, `${repository}/deployments?environment=production`)) as {
      sha: string;
    }[];
    const dispatch = JSON.stringify({ ref: 'main', inputs: { sha: good?.sha } });
    await run(
      'curl',
      ...headers,
      '-X',
      'POST',
      '-d',
      dispatch,
      `${repository}/actions/workflows/revert.yml/dispatches`,
    );
    world.advance(90);
    const [run1] = (
      JSON.parse(await run('curl', ...headers, `${repository}/actions/workflows/revert.yml/runs`)) as {
        workflow_runs: { conclusion: string }[];
      }
    ).workflow_runs;
    assert.equal(run1?.conclusion, 'success');
    const { alerting } = world.sandbox.world;
    assert.deepEqual(
      alerting.firing().map(({ labels }) => labels.alertname),
      ['Watchdog'],
    );
  });
});
