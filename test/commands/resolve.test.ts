import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Check {
  what: string;
  state: string;
}

describe('oncall resolve', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  function writes(): string[] {
    return world.sandbox
      .received()
      .filter(({ operation }) => operation === 'UpdateIncidentRecord' || operation === 'StopEngagement')
      .map(({ operation }) => operation ?? '');
  }
  /** Puts the last good revision back by hand, as stock kubectl would, and waits until it serves. */
  function heal(): void {
    const { cluster, repositories } = world.sandbox.world;
    const main = repositories.of('dolthubapi').history.main;
    const good = main.filter(({ spec }) => spec?.behaviour === 'steady').at(-1);
    assert.ok(good);
    cluster.deploy('dolthubapi', good.sha, 'sam');
    world.advance(120);
  }

  it('does not close what is not over: --yes is not enough', async () => {
    const ran = await world.oncall(['resolve', '--yes']);
    assert.equal(ran.code, 8, ran.stdout);
    assert.match(ran.stdout, /✖ alert: ServiceDown STILL HOLDS/);
    assert.match(ran.stdout, /✖ instances: 0 of 3 instances of dolthubapi are ready/);
    assert.match(ran.stderr, /Not resolved: the alert still holds[\s\S]*--anyway/);
    assert.deepEqual(writes(), []);
  });

  it('does not close it either when the alert cannot be asked and the instances are dead', async () => {
    world.sandbox.faults.add({ face: 'prometheus', kind: '503' });
    const ran = await world.oncall(['resolve', '--yes']);
    assert.equal(ran.code, 8, ran.stdout);
    assert.match(ran.stderr, /0 of 3 instances of dolthubapi are ready, and the alert is not known to be quiet/);
    assert.deepEqual(writes(), []);
  });

  it('closes it all the same with --anyway, and nobody is rung any more', async () => {
    const ran = await world.oncall(['resolve', '--yes', '--anyway']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(writes(), ['UpdateIncidentRecord', 'StopEngagement']);
    assert.match(ran.stdout, /The alert still holds: it may open a new incident/);
    const { engagements } = world.sandbox.world.incidentManager;
    const pages = () => engagements.list({}).flatMap((one) => engagements.pages.ofEngagement(one)).length;
    const before = pages();
    world.advance(3600);
    assert.equal(pages(), before);
  });

  it('closes what is over, tells how long it took, and forgets it', async () => {
    await world.oncall(['ack']);
    heal();
    const ran = await world.oncall(['resolve', '--yes', '--actionable', 'n', '--note', 'bad cache']);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /✔ alert: ServiceDown is quiet now/);
    assert.match(ran.stdout, /✔ instances: 3 of 3/);
    assert.match(ran.stdout, /✔ Resolved: dolthubapi is down, after /);
    assert.match(ran.stdout, /If the alert fires again, that opens a new incident/);
    const notes = world.received('ssm-incidents', 'CreateTimelineEvent').map(({ body }) => JSON.stringify(body));
    assert.match(notes.at(-1) ?? '', /Resolved: bad cache\. Actionable: no, it was noise\./);
    const again = await world.oncall(['resolve', '--json']);
    assert.equal(again.code, 0);
    assert.equal(again.json<{ result: { incident: null } }>().result.incident, null);
    assert.equal((await world.oncall(['note', 'late'])).code, 5, 'no incident is current any more');
  });

  it('says so when it was resolved already, also by somebody else, and does nothing', async () => {
    await world.oncall(['ack']);
    const { incidents } = world.sandbox.world.incidentManager;
    const open = incidents.list().find(({ status }) => status === 'OPEN');
    incidents.update(open?.arn ?? '', { status: 'RESOLVED' }, { by: 'arn:aws:iam::000000000000:user/ana' });
    const ran = await world.oncall(['resolve', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /dolthubapi is down was resolved already/);
    assert.deepEqual(writes(), []);
  });

  it('is done once when the answer is lost', async () => {
    heal();
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: 'cut', match: 'updateIncidentRecord', count: 2 });
    const ran = await world.oncall(['resolve', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /✔ Resolved/);
  });

  it('loses only a check when a source is down, and names it', async () => {
    heal();
    world.sandbox.faults.add({ face: 'alertmanager', kind: '503' });
    const ran = await world.oncall(['resolve', '--dry-run', '--json']);
    const { result } = ran.json<{ result: { checks: { checks: Check[] } } }>();
    assert.deepEqual(
      result.checks.checks.map(({ what, state }) => [what, state]),
      [
        ['alert', 'good'],
        ['instances', 'good'],
        ['deploy hold', 'good'],
        ['silences', 'unknown'],
      ],
    );
  });

  it('asks before it does anything, and names the flag where it cannot', async () => {
    heal();
    const ran = await world.oncall(['resolve']);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /--yes/);
    assert.deepEqual(writes(), []);
  });

  it('prints the calls with --dry-run, and makes none', async () => {
    const ran = await world.oncall(['resolve', '--dry-run']);
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /UpdateIncidentRecord .*\n.* status: RESOLVED\n.*StopEngagement engineering\//);
    assert.deepEqual(writes(), []);
  });
});
