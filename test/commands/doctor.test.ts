import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Answer {
  ok: boolean;
  result: { checks: { title: string; outcome: string; found: string; remedy: string | null }[] };
  error?: { code: string; message: string; hint: string };
}

describe('oncall doctor', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  async function look(argv: string[] = []) {
    const ran = await world.oncall(['doctor', '--json', ...argv]);
    const answer = ran.json<Answer>();
    return { ran, answer, check: (title: string) => answer.result.checks.find((check) => check.title === title) };
  }

  it('finds nothing wrong in the practice world, and changes nothing there', async () => {
    const ran = await world.oncall(['doctor'], { env: { PATH: process.env.PATH } });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /^sandbox │ Ready for a page: nothing failed in 27 checks/);
    assert.doesNotMatch(ran.stdout, /✖/);
    assert.match(ran.stdout, /✔ AWS sign-in +assumed-role\/oncall-responder\/sam in account 000000000000/);
    assert.match(ran.stdout, /✔ Who you are +Sam Okafor \(contact sam\)/);
    assert.match(ran.stdout, /✔ Escalation plan .*3 stages, each ended by an acknowledgement/);
    assert.match(ran.stdout, /next: oncall now/);
    const writes = world.sandbox
      .received()
      .filter(({ face, method }) => !face.startsWith('s') && method !== 'GET' && face !== 'kubernetes');
    assert.deepEqual(writes, []);
    assert.doesNotMatch(ran.stderr, /Warning/, 'nothing of Node itself reaches the user');
  });

  it('looks at the configuration and the sign-ins only with --quick', async () => {
    const { ran, answer } = await look(['--quick']);
    assert.equal(ran.code, 0, ran.stdout);
    assert.deepEqual(
      answer.result.checks.map(({ title }) => title),
      ['Configuration', 'World', 'AWS sign-in', 'Incident Manager', 'Kubernetes', 'GitHub'],
    );
    assert.equal(world.received('prometheus').length, 0);
  });

  it('exits 4 when a sign-in has expired, says how to sign in, and still looks at everything else', async () => {
    for (const face of ['sts', 'ssm-incidents', 'ssm-contacts']) world.sandbox.faults.add({ face, kind: '401' });
    const { ran, answer, check } = await look();
    assert.equal(ran.code, 4);
    assert.equal(answer.ok, false);
    assert.equal(answer.error?.code, 'AUTH');
    assert.equal(answer.error?.hint, 'oncall login --only aws');
    assert.equal(check('AWS sign-in')?.remedy, 'oncall login --only aws');
    assert.equal(check('Who you are')?.outcome, 'skipped', 'what follows from it is not reported as broken, too');
    for (const title of ['Workloads', 'GitHub', 'Prometheus', 'Alertmanager']) {
      assert.equal(check(title)?.outcome, 'ok', title);
    }
  });

  it('puts the remedy under what failed, and names the failures last', async () => {
    world.sandbox.faults.add({ face: 'github', kind: '401' });
    const ran = await world.oncall(['doctor']);
    assert.equal(ran.code, 4);
    assert.match(ran.stdout, /Not ready for a page: 1 of 27 checks failed/);
    assert.match(ran.stdout, /✖ GitHub .*\n.* {10,}→ oncall login --only github/);
    assert.match(ran.stderr, /✖ 1 of 27 checks failed: GitHub\.\n.*→ oncall login --only github/);
  });

  it('exits 6 when something cannot be reached', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: '503' });
    const { ran, check } = await look();
    assert.equal(ran.code, 6);
    assert.equal(check('Prometheus')?.outcome, 'failed');
    assert.equal(check('Named queries')?.outcome, 'skipped');
    assert.equal(check('Alertmanager')?.outcome, 'ok');
  });

  it('waits no longer than 5 s for a source that dawdles', async () => {
    world.sandbox.faults.add({ face: 'alertmanager', kind: 'slow' });
    const began = Date.now();
    const { ran, check } = await look();
    assert.ok(Date.now() - began < 8000);
    assert.equal(ran.code, 6);
    assert.match(check('Alertmanager')?.found ?? '', /no answer within 5 s/);
  });

  it('explains an account in which Incident Manager was never set up', async () => {
    world.sandbox.world.incidentManager.setEnabled(false);
    const { ran, answer, check } = await look();
    assert.equal(ran.code, 6);
    assert.equal(answer.error?.code, 'NOT_ENABLED');
    assert.match(check('Incident Manager')?.found ?? '', /closed it to new customers on 7 November 2025/);
    assert.equal(check('Escalation plan')?.outcome, 'skipped');
    assert.equal(check('GitHub')?.outcome, 'ok');
  });

  it('exits 1 when it is not known which contact I am, and names near ones', async () => {
    const ran = await world.oncall(['doctor', '--json'], { env: { ONCALL_ME: 'samm' } });
    assert.equal(ran.code, 1);
    const who = ran.json<Answer>().result.checks.find(({ title }) => title === 'Who you are');
    assert.match(who?.found ?? '', /no contact "samm"\. Did you mean "sam"/);
    assert.match(who?.remedy ?? '', /echo 'me: sam' > .*me\.yaml$/);
  });

  it('warns of a stage that an acknowledgement does not end', async () => {
    const { contacts } = world.sandbox.world.incidentManager;
    const plan = contacts.list().find(({ alias }) => alias === 'engineering');
    assert.ok(plan);
    for (const { ContactTargetInfo: target } of plan.plan.Stages?.[0]?.Targets ?? []) {
      if (target) target.IsEssential = false;
    }
    const { ran, check } = await look();
    assert.equal(ran.code, 0, 'a warning is no failure');
    assert.equal(check('Escalation plan')?.outcome, 'warning');
    assert.match(check('Escalation plan')?.found ?? '', /does not end stage 1/);
  });

  it('says that the configuration is broken and looks no further', async () => {
    const ran = await world.oncall(['doctor', '--json', '--config', '/nonexistent/oncall.yaml']);
    assert.equal(ran.code, 3);
    const { result, error } = ran.json<Answer>();
    assert.deepEqual(
      result.checks.map(({ title, outcome }) => [title, outcome]),
      [['Configuration', 'failed']],
    );
    assert.equal(error?.code, 'CONFIG');
    assert.equal(world.sandbox.received().length, 0);
  });

  it('exits 130 on Ctrl-C', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: 'slow' });
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), 300);
    const ran = await world.oncall(['doctor'], { signal: interrupt.signal });
    assert.equal(ran.code, 130);
    assert.match(ran.stderr, /Interrupted/);
  });
});
