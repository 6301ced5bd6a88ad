import assert from 'node:assert/strict';
import type { ListedSilence } from '../../../src/lib/metrics/silence-list.ts';
import { startWorld, type TestWorld } from '../../support/world.ts';

const HOUR = 3_600_000;

describe('oncall silence list and end', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const put = (service: string, changes: Record<string, unknown> = {}) =>
    world.sandbox.world.alertmanager.silences.put({
      matchers: [{ name: 'service', value: service, isRegex: false, isEqual: true }],
      startsAt: Date.now(),
      endsAt: Date.now() + HOUR,
      createdBy: 'sam',
      comment: `about ${service}`,
      ...changes,
    });
  const state = (id: string) => {
    const { silences } = world.sandbox.world.alertmanager;
    const silence = silences.get(id);
    return silence && silences.stateOf(silence);
  };
  const list = async (...argv: string[]) =>
    (await world.oncall(['silence', 'list', '--json', ...argv])).json<{ result: { silences: ListedSilence[] } }>()
      .result.silences;
  const deletes = () => world.received('alertmanager').filter(({ method }) => method === 'DELETE');

  it('lists those in force and to come, with what each hides, and ended ones with --all', async () => {
    const first = put('dolthubapi');
    const later = put('userservice', { startsAt: Date.now() + HOUR, endsAt: Date.now() + 2 * HOUR, createdBy: 'ana' });
    const over = put('remotesapi');
    world.sandbox.world.alertmanager.silences.expire(over);
    assert.deepEqual(
      (await list()).map(({ id, state, hides }) => [id, state, hides.map(({ name }) => name)]),
      [
        [first, 'active', ['ServiceDown']],
        [later, 'pending', []],
      ],
    );
    assert.deepEqual(
      (await list('--all')).map(({ id }) => id),
      [first, later, over],
    );
    assert.deepEqual(
      (await list('--mine')).map(({ id }) => id),
      [first],
    );
    const ran = await world.oncall(['silence', 'list'], { width: 160 });
    assert.match(
      ran.stdout,
      new RegExp(`${first.slice(0, 8)} +active +service="dolthubapi" +sam +about dolthubapi .* in (1h|59m).* 1`),
    );
    assert.match(ran.stdout, /next: oncall silence end/);
  });

  it('says so when there is none', async () => {
    const ran = await world.oncall(['silence', 'list']);
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /No silence is in force or to come/);
  });

  it('ends the only one, after saying what will be heard, and looks that it has ended', async () => {
    const id = put('dolthubapi');
    const ran = await world.oncall(['silence', 'end', '--yes']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /This alert still fires, and may page at once:\n.*ServiceDown/);
    assert.equal(state(id), 'expired');
    assert.equal(world.received('alertmanager').at(-1)?.method, 'GET');
  });

  it('takes the beginning of an id, and refuses one that nobody has', async () => {
    const id = put('dolthubapi');
    put('userservice');
    assert.equal((await world.oncall(['silence', 'end', id.slice(0, 8), '--yes'])).code, 0);
    assert.equal(state(id), 'expired');
    const unknown = await world.oncall(['silence', 'end', 'zzzz', '--yes']);
    assert.equal(unknown.code, 5);
    assert.match(unknown.stderr, /oncall silence list --all/);
  });

  it('names the candidates where there are several, and touches none', async () => {
    const ids = [put('dolthubapi'), put('userservice')];
    const ran = await world.oncall(['silence', 'end', '--yes']);
    assert.equal(ran.code, 2);
    for (const id of ids) assert.match(ran.stderr, new RegExp(`oncall silence end ${id}`));
    assert.deepEqual(deletes(), []);
  });

  it('ends all of mine, and nobody else’s; --all alone is not taken', async () => {
    const mine = [put('dolthubapi'), put('userservice')];
    const other = put('remotesapi', { createdBy: 'ana' });
    assert.equal((await world.oncall(['silence', 'end', '--all', '--yes'])).code, 2);
    assert.equal((await world.oncall(['silence', 'end', '--all', '--mine', '--yes'])).code, 0);
    assert.deepEqual([...mine, other].map(state), ['expired', 'expired', 'active']);
  });

  it('has nothing to do for one that has ended, or where there is none', async () => {
    const id = put('dolthubapi');
    world.sandbox.world.alertmanager.silences.expire(id);
    const ended = await world.oncall(['silence', 'end', id, '--yes']);
    assert.equal(ended.code, 0);
    assert.match(ended.stdout, /has ended already/);
    assert.match((await world.oncall(['silence', 'end', '--yes'])).stdout, /No silence is in force/);
    assert.deepEqual(deletes(), []);
  });

  it('changes nothing without --yes, nor with --dry-run', async () => {
    const id = put('dolthubapi');
    assert.equal((await world.oncall(['silence', 'end'])).code, 2);
    const ran = await world.oncall(['silence', 'end', '--dry-run']);
    assert.match(ran.stdout, new RegExp(`DELETE /api/v2/silence/${id}`));
    assert.deepEqual(deletes(), []);
  });

  it('after a failed answer it looks: ended is done, not ended is said, and nothing is sent twice', async () => {
    const id = put('dolthubapi');
    world.sandbox.faults.add({ face: 'alertmanager', kind: '503', match: 'DELETE', count: 1 });
    const ran = await world.oncall(['silence', 'end', '--yes']);
    assert.equal(ran.code, 6);
    assert.equal(state(id), 'active');
    assert.equal(deletes().length, 1);
  });
});
