import assert from 'node:assert/strict';
import { startWorld, type TestWorld } from '../../support/world.ts';

interface Result {
  incidents: { id: string; status: string; acknowledgedBy: string[] | null; startedAt: string }[];
  more: number;
}

describe('oncall incident list', () => {
  let world: TestWorld;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  async function list(...argv: string[]): Promise<Result> {
    return (await world.oncall(['incident', 'list', '--json', ...argv])).json<{ result: Result }>().result;
  }

  it('shows the open one first, with nobody who has it, then the resolved ones, newest first', async () => {
    const { incidents } = await list();
    assert.deepEqual([incidents[0]?.status, incidents[0]?.acknowledgedBy], ['open', []]);
    const resolved = incidents.slice(1);
    assert.ok(resolved.length > 2 && resolved.every(({ status }) => status === 'resolved'));
    const times = resolved.map(({ startedAt }) => startedAt);
    assert.deepEqual(times, times.toSorted().toReversed());
  });

  it('shows as many as asked for, never leaves out an open one, and says how many more there are', async () => {
    const all = await list();
    const few = await list('-n', '1');
    assert.deepEqual(
      few.incidents.map(({ status }) => status),
      ['open'],
    );
    assert.equal(few.more, all.incidents.length - 1);
    const ran = await world.oncall(['incident', 'list', '-n', '2'], { width: 120 });
    assert.match(ran.stdout, /1 incident is open\.\n[\s\S]*ID +STATE[\s\S]*\d more: oncall incident list --all/);
  });

  it('gives a pipe bare rows with exact times', async () => {
    const { stdout } = await world.oncall(['incident', 'list']);
    const [row = ''] = stdout.split('\n');
    assert.match(row, /[0-9a-f]{8}\topen, nobody has it\tcritical\t\d{4}-\d\d-\d\dT[\d:.]+Z\t.*\tdolthubapi is down$/);
  });

  it('names who has it after an acknowledgement', async () => {
    await world.oncall(['ack']);
    assert.deepEqual((await list()).incidents[0]?.acknowledgedBy, ['sam']);
  });

  it('exits 6 when the pager is down', async () => {
    world.sandbox.faults.add({ face: 'ssm-incidents', kind: '503' });
    const ran = await world.oncall(['incident', 'list']);
    world.sandbox.faults.clear();
    assert.equal(ran.code, 6);
  });
});
