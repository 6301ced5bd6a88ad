import assert from 'node:assert/strict';
import type { Incident, Pager } from '../../../src/lib/clients/pager/pager.ts';
import type { Service } from '../../../src/lib/config/config.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { openIncident } from '../../../src/lib/incidents/open-incident.ts';
import { type PageRequest, type PageService, planPage } from '../../../src/lib/incidents/page.ts';
import { engagement, failing, incident, minutes, NOW, page, quickClock, smallPager } from './small-pager.ts';

const SERVICES = [
  { name: 'dolthubapi', responsePlan: 'dolthubapi' },
  { name: 'userservice', responsePlan: 'userservice' },
  { name: 'ana', responsePlan: 'ana' },
] as Service[];
const PLANS = ['dolthubapi-high-error-ratio', 'dolthubapi-service-down', 'userservice', 'ana'];
const DOUBT = new OncallError('cut off', { code: 'UNAVAILABLE' });

function planned(part: Partial<PageRequest> & { open?: Incident[]; verbs?: Partial<Pager> }) {
  const { open = [], verbs = {}, ...request } = part;
  const pager = smallPager(
    { engagements: [engagement()], pages: [page({ readAt: minutes(-1) })] },
    {
      incidents: async () => open,
      responsePlans: async () => PLANS,
      responsePlan: async (name) => ({ name, title: name, engages: ['engineering'] }),
      pagesOf: async () => [],
      ...verbs,
    },
  );
  return planPage({
    pager,
    who: 'tom',
    why: 'look at this',
    me: 'sam',
    ref: null,
    plan: null,
    impact: null,
    services: SERVICES,
    journalOf: async () => [],
    now: NOW,
    clean: (text) => text,
    ...request,
  });
}

describe('what paging somebody means', () => {
  it('belongs to the only open incident', async () => {
    const plan = await planned({ open: [incident()] });
    assert.ok(plan.kind === 'person');
    assert.equal(plan.incident?.id, incident().id);
    assert.match(plan.message.content, /asks for your help: look at this/);
  });

  it('belongs to none where several are open, and says how many', async () => {
    const plan = await planned({ open: [incident(), incident({ id: 'b' })] });
    assert.ok(plan.kind === 'person');
    assert.deepEqual([plan.incident, plan.openIncidents], [null, 2]);
    assert.equal(plan.message.content, 'look at this\nSam Okafor pages you.');
  });

  it('belongs to the one that was named', async () => {
    const other = incident({ id: 'bbbb0000-0000-4000-8000-000000000000' });
    const plan = await planned({ open: [incident(), other], ref: 'bbbb' });
    assert.ok(plan.kind === 'person');
    assert.equal(plan.incident?.id, other.id);
  });

  const services: [what: string, part: Partial<PageRequest>, plan: string][] = [
    ['its own response plan', { who: 'userservice' }, 'userservice'],
    ['the first of several that begin with its name', { who: 'DolthubAPI' }, 'dolthubapi-high-error-ratio'],
    ['the one that was chosen', { who: 'dolthubapi', plan: 'dolthubapi-service-down' }, 'dolthubapi-service-down'],
  ];
  for (const [what, part, name] of services) {
    it(`opens the incident of a service by ${what}`, async () => {
      const plan = await planned(part);
      assert.ok(plan.kind === 'service');
      assert.equal(plan.plan, name);
      assert.deepEqual([...new Set(plan.ring.targets[0]?.rings.map(({ person }) => person))], ['sam', 'ana', 'tom']);
    });
  }

  it('prefers the person where a service has the same name', async () => {
    assert.equal((await planned({ who: 'ana' })).kind, 'person');
    assert.equal((await planned({ who: 'ana', plan: 'ana' })).kind, 'service');
  });

  it('cuts a title to what the pager takes', async () => {
    const plan = await planned({ who: 'userservice', why: 'x'.repeat(500) });
    assert.ok(plan.kind === 'service');
    assert.equal(plan.title.length, 200);
  });

  const refusals: [what: string, part: Parameters<typeof planned>[0], code: string, words: RegExp][] = [
    [
      'a second incident of the same service',
      { who: 'dolthubapi', open: [incident()] },
      'REFUSED',
      /is open already.*escalate -i 3f2c1a9b/s,
    ],
    [
      'an unknown response plan',
      { who: 'dolthubapi', plan: 'nope' },
      'NOT_FOUND',
      /no response plan "nope".*dolthubapi-high/s,
    ],
    ['an impact for a person', { who: 'tom', impact: 2 }, 'USAGE', /is no service/],
    ['nobody known, naming services too', { who: 'userservise' }, 'NOT_FOUND', /Did you mean "userservice"/],
    [
      'a service without a response plan',
      { who: 'userservice', verbs: { responsePlans: async () => [] } },
      'NOT_FOUND',
      /no response plan for userservice/,
    ],
    [
      'a response plan that rings nobody',
      { who: 'userservice', verbs: { responsePlan: async (name) => ({ name, title: name, engages: [] }) } },
      'REFUSED',
      /engages nobody/,
    ],
  ];
  for (const [what, part, code, words] of refusals) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(planned(part), failing(code, words));
    });
  }
});

describe('opening an incident', () => {
  const PLAN: PageService = {
    kind: 'service',
    service: 'userservice',
    plan: 'userservice',
    otherPlans: [],
    title: 'logins hang',
    impact: null,
    ring: { targets: [], before: [], stops: [], goesOn: [] },
    open: ['old'],
  };
  const NEW = incident({ id: 'new', plan: 'userservice', title: 'logins hang', openedBy: 'person' });

  async function open(verbs: Partial<Pager>) {
    const accepted: string[] = [];
    const pager = smallPager(
      { engagements: [engagement()], pages: [page()] },
      { incident: async () => NEW, receipts: async () => [], ...verbs },
    );
    const onAccepted = async ({ id }: Incident) => {
      accepted.push(id);
    };
    const done = await openIncident({ pager, plan: PLAN, token: 't', clock: quickClock(), onAccepted });
    return { done, accepted };
  }

  it('is on record, and proven by a page', async () => {
    const { done, accepted } = await open({ startIncident: async () => 'new' });
    assert.deepEqual([done.incident.id, done.proven, done.foundAfterDoubt, accepted], ['new', true, false, ['new']]);
  });

  it('is on record even if it pages nobody in time', async () => {
    const { done, accepted } = await open({ startIncident: async () => 'new', engagements: async () => [] });
    assert.deepEqual([done.proven, accepted], [false, ['new']]);
  });

  it('is looked for after a doubt, not repeated', async () => {
    let asked = 0;
    const startIncident = () => {
      asked += 1;
      return Promise.reject(DOUBT);
    };
    const { done } = await open({ startIncident, incidents: async () => [{ ...NEW, id: 'old' }, NEW] });
    assert.deepEqual([done.incident.id, done.foundAfterDoubt, asked], ['new', true, 1]);
    await assert.rejects(
      open({ startIncident, incidents: async () => [{ ...NEW, id: 'old' }] }),
      failing('UNAVAILABLE', /not known whether the incident for userservice was opened/),
    );
  });
});
