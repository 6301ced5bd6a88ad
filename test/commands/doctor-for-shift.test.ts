import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Laptop } from '../support/laptop.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Check {
  title: string;
  outcome: string;
  found: string;
  remedy: string | null;
}
interface Answer {
  result: { checks: Check[] };
}

const HOUR = 3_600_000;

describe('oncall doctor --for-shift', function () {
  this.timeout(60_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
    rotation().overrides = [];
  });
  afterEach(() => world.close());

  function rotation() {
    const [only] = world.sandbox.world.incidentManager.rotations.list();
    assert.ok(only);
    return only;
  }

  async function look(argv: string[] = [], env: Record<string, string> = {}) {
    const ran = await world.oncall(['doctor', '--for-shift', '--json', ...argv], { env });
    const { checks } = ran.json<Answer>().result;
    return { ran, checks, check: (title: string) => checks.find((one) => one.title === title) };
  }

  it('says until when your shift runs, that all holds, and who is next', async () => {
    const ran = await world.oncall(['doctor', '--for-shift'], { env: { TZ: 'UTC' } });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /Everything holds until your shift is over\./);
    assert.match(ran.stdout, /✔ Your shift +runs until \d{4}-\d\d-\d\d 1[78]:00Z, .* more \(engineering-on-call\)/);
    assert.match(ran.stdout, /✔ Hand-off +to Ben Lindqvist, \d{4}-\d\d-\d\d 1[78]:00Z/);
    assert.match(ran.stdout, /✔ Your phone +sms …01, voice …01/);
  });

  it('takes your next shift where you are not on call', async () => {
    const { check } = await look(['--utc'], { ONCALL_ME: 'mei' });
    assert.match(check('Your shift')?.found ?? '', /^the next one is from .* to /);
    assert.match(check('Hand-off')?.found ?? '', /^to Sam Okafor, /);
  });

  it('wants to be told until when by whoever has no shift', async () => {
    const { ran, check } = await look([], { ONCALL_ME: 'tom' });
    assert.equal(ran.code, 1);
    assert.equal(check('Your shift')?.remedy, 'oncall doctor --for-shift --until 12h');
    const told = await look(['--until', '12h'], { ONCALL_ME: 'tom' });
    assert.equal(told.ran.code, 0, told.ran.stdout);
    for (const wrong of ['soon', '2020-01-01T00:00Z']) {
      assert.equal((await world.oncall(['doctor', '--for-shift', '--until', wrong])).code, 2, wrong);
    }
  });

  it('shows what ends, and what is left open, with how long before the end', async () => {
    const now = Date.now();
    const { silences } = world.sandbox.world.alertmanager;
    const matchers = [{ name: 'alertname', value: 'ServiceDown', isRegex: false, isEqual: true }];
    silences.put({ matchers, startsAt: now, endsAt: now + 2 * HOUR, createdBy: 'ana', comment: 'migration' });
    silences.put({ matchers, startsAt: now, endsAt: now + 11 * HOUR, createdBy: 'ana', comment: 'forgotten' });
    const held = await world.oncall(['hold', 'userservice', '--reason', 'index', '--for', '3h', '--yes']);
    assert.equal(held.code, 0, held.stderr);
    const { ran, check } = await look(['--until', '10h']);
    assert.equal(ran.code, 0);
    assert.match(check('Silences')?.found ?? '', /"migration" of ana ends .*, 8h before .*it may ring/);
    assert.match(check('Silences')?.found ?? '', /"forgotten" of ana is open beyond that/);
    assert.equal(check('Deploy holds')?.outcome, 'warning');
    assert.match(check('Deploy holds')?.found ?? '', /^userservice: held by .*\("index"\); it is to end .*, 7h before/);
    assert.equal(check('Deploy holds')?.remedy, 'oncall release userservice');
  });

  it('says that nobody takes over', async () => {
    const { rotations, contacts } = world.sandbox.world.incidentManager;
    const [shift] = [rotation()];
    const sam = contacts.list().find(({ alias }) => alias === 'sam');
    rotations.override(shift.arn, { members: [], from: Date.now() + 8 * 24 * HOUR, until: Date.now() + 9 * 24 * HOUR });
    rotations.override(shift.arn, {
      members: [sam?.arn ?? ''],
      from: Date.now() - HOUR,
      until: Date.now() + 8 * 24 * HOUR,
    });
    const { check } = await look();
    assert.equal(check('Hand-off')?.outcome, 'warning');
    assert.match(check('Hand-off')?.found ?? '', /nobody takes over from you/);
  });

  describe('on a laptop', () => {
    let laptop: Laptop;
    beforeEach(async () => {
      laptop = await Laptop.create(world);
      await laptop.write('session', '');
      await laptop.write('gh-token', 'sandbox\n');
    });
    afterEach(() => laptop.close());

    /** What `aws sso login` leaves behind. */
    function session(expiresAt: number, more: object = {}): Promise<void> {
      const name = createHash('sha1').update('work').digest('hex');
      const text = JSON.stringify({ accessToken: 'x', expiresAt: new Date(expiresAt).toISOString(), ...more });
      return laptop.write(`.aws/sso/cache/${name}.json`, text);
    }

    async function checks() {
      const { out, code } = await laptop.piped(['doctor', '--for-shift', '--until', '8h', '--json']);
      return { code, of: (title: string) => (JSON.parse(out) as Answer).result.checks.find((c) => c.title === title) };
    }

    it('finds the session that ends before the shift, and one that has ended', async () => {
      await session(Date.now() + 3 * HOUR);
      const soon = await checks();
      assert.equal(soon.code, 0);
      assert.equal(soon.of('AWS')?.outcome, 'warning');
      assert.match(soon.of('AWS')?.found ?? '', /the single sign-on session expires .*, (5h|4h 59m) before /);
      assert.equal(soon.of('AWS')?.remedy, 'oncall login --only aws --force');
      assert.match(soon.of('Kubernetes')?.found ?? '', /renews itself/);
      await session(Date.now() - HOUR);
      const late = await checks();
      assert.equal(late.code, 4);
      assert.match(late.of('AWS')?.found ?? '', /has expired/);
      assert.equal(late.of('AWS')?.remedy, 'oncall login --only aws');
    });

    it('is content with one that outlasts it, or that renews itself', async () => {
      await session(Date.now() + 9 * HOUR);
      assert.match((await checks()).of('AWS')?.found ?? '', /good until/);
      await session(Date.now() + HOUR, { refreshToken: 'y' });
      assert.match((await checks()).of('AWS')?.found ?? '', /renews itself/);
    });
  });
});
