import assert from 'node:assert/strict';
import type { Incident, Pager } from '../../../src/lib/clients/pager/pager.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { findScope, type ScopeRequest, withService } from '../../../src/lib/recovery/revert-scope.ts';
import { minutesAgo, NOW } from '../deploys/some-deploys.ts';

const service = (name: string) => ({ name, responsePlan: name }) as Service;
const services = [service('dolthubapi'), service('userservice')];
const incident = (id: string, plan: string, facts: Partial<Incident> = {}): Incident => ({
  id,
  title: `${plan} is down`,
  status: 'open',
  impact: 2,
  summary: null,
  startedAt: minutesAgo(10),
  resolvedAt: null,
  plan,
  openedBy: 'alert',
  url: '',
  ...facts,
});

function find(incidents: Incident[], request: Partial<ScopeRequest> = {}) {
  const pager = {
    incidents: async ({ status }: { status?: string } = {}) =>
      incidents.filter((one) => !status || one.status === status),
    trigger: async () => null,
    timeline: async () => [],
  } as unknown as Pager;
  return findScope({
    pager: async () => pager,
    prometheus: null,
    services,
    service: null,
    ref: null,
    current: null,
    now: NOW,
    patience: 50,
    ...request,
  });
}
const [api, users] = services as [Service, Service];
const both = [incident('aaaa0001', 'dolthubapi-down'), incident('aaaa0002', 'userservice-down')];

describe('what a command is about', () => {
  it('is the service of the only open incident', async () => {
    const scope = await find([both[0] as Incident, incident('old', 'dolthubapi', { status: 'resolved' })]);
    assert.equal(scope.service, api);
    assert.equal(scope.incident?.id, 'aaaa0001');
    assert.equal(scope.disturbances?.length, 2, 'past incidents of the service count');
  });

  it('is the incident of the service that was named, when several are open', async () => {
    const scope = await find(both, { service: users });
    assert.equal(scope.incident?.id, 'aaaa0002');
  });

  it('is not guessed among several', async () => {
    await assert.rejects(find(both), { code: 'AMBIGUOUS' });
    const scope = await find(both, { optional: true });
    assert.equal(scope.service, null);
    assert.match(scope.cautions[0] ?? '', /More than one incident is open/);
  });

  it('is no incident of another service, unless it was named', async () => {
    const scope = await find([both[0] as Incident], { service: users });
    assert.equal(scope.service, users);
    assert.equal(scope.incident, null);
    assert.equal(scope.onset, null);
    assert.equal((await find([both[0] as Incident], { service: users, ref: 'aaaa0001' })).incident?.id, 'aaaa0001');
  });

  it('is the incident that a person opened without saying of what, when a service is named', async () => {
    const scope = await find([incident('aaaa0003', 'engineering', { openedBy: 'person' })], { service: users });
    assert.equal(scope.incident?.id, 'aaaa0003');
    assert.deepEqual(scope.disturbances, [{ startedAt: minutesAgo(10) }]);
  });

  it('is known without the pager where a service is named, at the latest after its patience', async () => {
    const silent = () => new Promise<Pager>(() => {});
    const scope = await find([], { service: api, pager: silent });
    assert.equal(scope.service, api);
    assert.match(scope.cautions[0] ?? '', /the pager did not tell/);
  });

  it('is not known without the pager where nothing is named', async () => {
    const away = new OncallError('away', { code: 'AUTH' });
    await assert.rejects(find([], { pager: () => Promise.reject(away) }), away);
  });

  it('needs a name where nothing tells, but not where there is only one service', async () => {
    const scope = await find([]);
    assert.throws(() => withService(scope, services), { code: 'USAGE', hint: 'Name one of: dolthubapi, userservice.' });
    assert.equal(withService(scope, [api]).service, api);
  });
});
