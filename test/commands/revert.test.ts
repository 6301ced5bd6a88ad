import assert from 'node:assert/strict';
import type { DeploysResult } from '../../src/lib/deploys/list-deploys.ts';
import type { RevertResult } from '../../src/lib/recovery/revert-outcome.ts';
import type { Received } from '../../src/lib/sandbox/exchange.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

const DISPATCH = /^\/repos\/dolthub\/\w+\/actions\/workflows\/revert\.yml\/dispatches$/;
/** Fast enough that a run of the workflow takes a second or two of the test's time. */
const SPEED = 40;

interface Dispatched {
  ref: string;
  inputs: Record<string, string>;
  return_run_details: boolean;
}

describe('oncall revert', () => {
  let world: TestWorld;
  afterEach(() => world.close());

  const writes = (): Received[] => world.received('github').filter(({ method }) => method !== 'GET');
  const dispatches = (): Received[] => writes().filter(({ method, path }) => method === 'POST' && DISPATCH.test(path));
  const requests = (): Dispatched[] => dispatches().map(({ body }) => body as Dispatched);
  const commits = () => {
    const known = world.sandbox.world.repositories.of('dolthubapi').history.main;
    const [bad, good, ...older] = [...known].sort((a, b) => b.at - a.at).map(({ sha }) => sha);
    return { bad: bad as string, good: good as string, older };
  };

  describe('in a world that moves', () => {
    beforeEach(async () => {
      world = await startWorld({ speed: SPEED });
    });

    it('starts one run to the last good version, holds deploys, and watches the alert until it is quiet', async () => {
      const { good } = commits();
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      const [{ ref, inputs, return_run_details }, ...others] = requests() as [Dispatched];
      assert.deepEqual(others, []);
      assert.equal(ref, 'main');
      assert.equal(return_run_details, true);
      assert.equal(inputs.sha, good);
      assert.match(inputs.reason ?? '', /^dolthubapi is down \([0-9a-f]{8}\)$/);
      assert.match(inputs.nonce ?? '', /^oncall-[0-9a-f]{10}$/);
      const accepted = writes().filter(({ status }) => status < 300);
      const order = accepted.map(({ path }) => path.split('/').at(-1));
      assert.deepEqual(order, ['dispatches', 'variables'], 'the hold comes right after the dispatch');
      assert.match(ran.stdout, /Started https:\/\/github\.test\/dolthub\/dolthubapi\/actions\/runs\/\d+/);
      assert.doesNotMatch(ran.stdout, /advisory/);
      assert.match(ran.stdout, /The cluster runs \w{7}: 3 of 3 pods ready/);
      assert.match(ran.stdout, /dolthubapi recovered in \d+s: the alert's own expression is quiet/);
      assert.match(ran.stdout, /next: oncall resolve/);
    });

    it('asks the alert’s own expression, and wants it empty twice', async () => {
      await world.oncall(['revert', '--yes']);
      const asked = world
        .received('prometheus')
        .filter(({ path, method, body }) => /query$/.test(path) || (method === 'POST' && String(body).includes('up')));
      assert.ok(asked.length >= 2, `${asked.length} evaluations`);
    });

    it('writes the start and the outcome onto the incident’s timeline', async () => {
      await world.oncall(['revert', '--yes']);
      const notes = world
        .received('ssm-incidents', 'CreateTimelineEvent')
        .map(({ body }) => JSON.stringify((body as { eventData: string }).eventData));
      assert.equal(notes.length, 2);
      assert.match(notes[0] ?? '', /Started to revert dolthubapi from \w{7} to \w{7}\. https:\/\/github\.test/);
      assert.match(notes[1] ?? '', /Reverted dolthubapi from \w{7} to \w{7}\. Recovered after \d+s\. https:\/\/github/);
    });

    it('has nothing to revert afterwards, says so, and changes nothing', async () => {
      await world.oncall(['revert', '--yes']);
      world.forget();
      const again = await world.oncall(['revert', '--yes']);
      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stdout, /Nothing to revert\. dolthubapi already runs the last good version/);
      assert.deepEqual(writes(), []);
    });

    it('never starts a second run after a doubtful answer: it finds the first by its nonce', async () => {
      world.sandbox.faults.add({ face: 'github', kind: 'cut', match: '/dispatches', count: 1 });
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal(dispatches().length, 1);
      assert.match(ran.stdout, /Started https:/);
    });

    it('follows a revert that is under way instead of starting another', async () => {
      const first = await world.oncall(['revert', '--yes', '--no-wait']);
      assert.equal(first.code, 0, first.stderr);
      assert.doesNotMatch(first.stdout, /recovered/);
      const second = await world.oncall(['revert', '--yes']);
      assert.equal(second.code, 0, second.stderr);
      assert.match(second.stdout, /already under way; following it/);
      assert.match(second.stdout, /recovered in/);
      assert.equal(dispatches().length, 1);
    });

    it('fails when its run fails, naming the step, the run and what to do', async () => {
      world.sandbox.world.repositories.failNext({ workflow: 'revert.yml', step: 'Deploy' });
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /ended with failure at "Revert to dolthubapi: Deploy"\. https:\/\/github\.test/);
      assert.match(ran.stderr, /gh run view \d+ -R dolthub\/dolthubapi --log-failed/);
      assert.equal(dispatches().length, 1);
    });

    it('is not cancelled by Ctrl-C: it says that the run goes on, and the run does', async () => {
      const interrupt = new AbortController();
      const ran = await world.oncall(['revert', '--yes'], {
        signal: interrupt.signal,
        onOutput: (text) => {
          if (text.includes('on hold until')) interrupt.abort();
        },
      });
      assert.equal(ran.code, 130);
      assert.match(ran.stderr, /the revert goes on by itself: https:\/\/github\.test\/\S+/);
      assert.ok(!writes().some(({ path }) => path.endsWith('/cancel')));
      world.advance(120);
      const { result } = (await world.oncall(['deploys', 'dolthubapi', '--json'])).json<{ result: DeploysResult }>();
      assert.equal(result.services[0]?.now?.sha, commits().good);
      assert.equal(result.services[0]?.now?.ready, 3);
    });

    it('says that it waits for an approval, and where', async () => {
      world.sandbox.world.repositories.requireReviewers('dolthubapi', ['tom']);
      const interrupt = new AbortController();
      const ran = await world.oncall(['revert', '--yes'], {
        signal: interrupt.signal,
        onOutput: (text) => {
          if (text.includes('somebody approves')) interrupt.abort();
        },
      });
      assert.equal(ran.code, 130);
      assert.match(ran.stdout, /It waits until somebody approves it: https:\/\/github\.test/);
    });

    it('exits 7 when the run is done and the symptom remains: probably not this change', async () => {
      const incident = await world.oncall(['deploys', '--json']);
      assert.equal(incident.code, 0);
      const [open] = world.sandbox.world.incidentManager.incidents.list();
      const id = open?.arn.split('/').at(-1) as string;
      const argv = ['revert', 'userservice', '-i', id, '--yes', '--accept-warnings', '--verify', '1s'];
      const ran = await world.oncall(argv);
      assert.equal(ran.code, 7, ran.stderr);
      assert.match(ran.stderr, /The revert is done, and the symptom remains after 1s: it was probably not this change/);
      assert.match(ran.stderr, /oncall release userservice/);
      assert.match(ran.stderr, /oncall escalate/);
    });

    it('gives all of it as JSON', async () => {
      const { result } = (await world.oncall(['revert', '--yes', '--json'])).json<{ result: RevertResult }>();
      assert.equal(result.outcome, 'recovered');
      assert.equal(result.run?.conclusion, 'success');
      assert.equal(result.proof?.by, 'alert');
      assert.equal(result.proof?.pods?.serving, true);
      assert.deepEqual(result.proof?.stillFiring, []);
      assert.equal(result.hold.set?.by, 'sam');
      assert.equal(result.between?.pulls[0]?.number, 447);
    });

    it('reverts all the same when no hold can be set, and says that', async () => {
      world.sandbox.faults.add({
        face: 'github',
        kind: '403',
        match: 'POST /repos/dolthub/dolthubapi/actions/variables',
      });
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /Deploys are NOT on hold/);
      assert.match(ran.stdout, /recovered in/);
    });
  });

  describe('before anything is started', () => {
    beforeEach(async () => {
      world = await startWorld();
    });

    it('shows the plan, and without a terminal and --yes does nothing and names the flag', async () => {
      const ran = await world.oncall(['revert']);
      assert.equal(ran.code, 2);
      assert.match(ran.stderr, /--yes/);
      assert.match(ran.stdout, /now +\w{7}, 0 of 3 pods ready/);
      assert.match(ran.stdout, /deployed .* ago \(.*\), \d+s before onset/);
      assert.match(ran.stdout, /back to +\w{7}\n/);
      assert.match(ran.stdout, /ran 2d 3h without an incident/);
      assert.match(ran.stdout, /takes out +#447 Warm the statistics cache/);
      assert.deepEqual(writes(), []);
    });

    it('prints the exact calls with --dry-run, and makes none', async () => {
      const ran = await world.oncall(['revert', '--dry-run']);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /POST \/repos\/dolthub\/dolthubapi\/actions\/workflows\/revert\.yml\/dispatches/);
      assert.match(ran.stdout, new RegExp(`"sha": "${commits().good}"`));
      assert.match(ran.stdout, /POST \/repos\/dolthub\/dolthubapi\/actions\/variables/);
      assert.deepEqual(writes(), []);
    });

    it('does not go past a migration by --yes alone', async () => {
      const before = commits().older[1] as string;
      const ran = await world.oncall(['revert', '--yes', '--to', before.slice(0, 8)]);
      assert.equal(ran.code, 8, ran.stderr);
      assert.match(ran.stderr, /A database migration does not roll back: migrations\/0147_pull_search\.sql/);
      assert.match(ran.stderr, /--accept-warnings/);
      assert.deepEqual(writes(), []);
      const accepted = await world.oncall([
        'revert',
        '-y',
        '--accept-warnings',
        '--no-wait',
        '--to',
        before.slice(0, 8),
      ]);
      assert.equal(accepted.code, 0, accepted.stderr);
      assert.equal(requests()[0]?.inputs.sha, before);
    });

    it('refuses a commit that never succeeded in production, and lists those that did', async () => {
      const ran = await world.oncall(['revert', '--yes', '--to', 'deadbee']);
      assert.equal(ran.code, 8);
      assert.match(ran.stderr, /deadbee has never been in production/);
      assert.match(ran.stderr, new RegExp(`--to ${commits().good.slice(0, 7)}`));
      assert.deepEqual(writes(), []);
    });

    it('does nothing when the target is what runs', async () => {
      const ran = await world.oncall(['revert', '--yes', '--to', commits().bad.slice(0, 7)]);
      assert.equal(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, /Nothing to revert\. dolthubapi already runs/);
    });

    it('warns when the cluster does not say what runs, and --yes does not override that', async () => {
      world.sandbox.faults.add({ face: 'kubernetes', kind: '503' });
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 8, ran.stderr);
      assert.match(ran.stderr, /The cluster does not say what runs now/);
      assert.deepEqual(writes(), []);
    });

    it('warns of a deploy that is ahead in the queue', async () => {
      world.sandbox.world.repositories.dispatch('dolthubapi', {
        workflow: 'deploy.yml',
        inputs: { sha: commits().bad },
        actor: 'ben',
      });
      world.advance(2);
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 8, ran.stderr);
      assert.match(ran.stderr, /deploy\.yml.* goes first: https:\/\/github\.test/);
    });

    it('says nothing of a run and exits 6 when GitHub is down', async () => {
      world.sandbox.faults.add({ face: 'github', kind: '503' });
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 6);
      assert.doesNotMatch(ran.stderr, /\n\s+at /);
    });

    it('needs a service when no incident names one', async () => {
      await world.close();
      world = await startWorld({ scenario: 'quiet' });
      const ran = await world.oncall(['revert', '--yes']);
      assert.equal(ran.code, 2);
      assert.match(ran.stderr, /Name one of: dolthubapi/);
    });
  });
});
