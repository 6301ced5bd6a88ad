import assert from 'node:assert/strict';
import type { Engagement, EngageRequest, Page, Pager, Receipt } from '../../../src/lib/clients/pager/pager.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { onItsWay, watchDelivery } from '../../../src/lib/incidents/delivery.ts';
import { ring } from '../../../src/lib/incidents/engage.ts';
import type { RingPlan } from '../../../src/lib/incidents/ring.ts';
import { engagement, failing, minutes, page, quickClock, smallPager } from './small-pager.ts';

const PLAN: RingPlan = {
  targets: [
    {
      contact: 'ana',
      name: 'Ana Duarte',
      kind: 'person',
      rings: [{ person: 'ana', name: 'Ana Duarte', at: minutes(0), channel: 'sms', channelId: 'ana/sms' }],
    },
  ],
  before: [],
  stops: [
    {
      engagement: 'engineering/e1',
      contact: 'engineering',
      kind: 'plan',
      name: 'Engineering',
      startedAt: minutes(-2),
      silences: [],
    },
  ],
  goesOn: [],
};
const MESSAGE = { sender: 'Sam', subject: 's', content: 'c', publicSubject: 'p', publicContent: 'q' };
const DOUBT = new OncallError('cut off', { code: 'UNAVAILABLE' });
const NEW: Engagement = engagement({ id: 'ana/e2', contact: 'ana', kind: 'person', startedAt: minutes(0) });

function run(verbs: Partial<Pager>, incidentId: string | null = 'i') {
  return ring({
    pager: smallPager({}, verbs),
    plan: PLAN,
    message: MESSAGE,
    incidentId,
    known: ['engineering/e1'],
    token: 't',
    clock: quickClock(),
  });
}

describe('ringing', () => {
  it('engages once, and only then stops what would ring twice', async () => {
    const calls: unknown[] = [];
    const done = await run({
      engage: async (request: EngageRequest) => {
        calls.push(request);
        return 'ana/e2';
      },
      stop: async (id, reason) => {
        calls.push([id, reason]);
      },
    });
    assert.deepEqual(calls, [
      { to: 'ana', incidentId: 'i', token: 't', ...MESSAGE },
      ['engineering/e1', 'Ana Duarte rung directly by Sam'],
    ]);
    assert.deepEqual(done.engaged, [
      { contact: 'ana', name: 'Ana Duarte', engagement: 'ana/e2', foundAfterDoubt: false },
    ]);
  });

  it('stops nothing when nobody was engaged', async () => {
    const refused = new OncallError('no', { code: 'FAILED' });
    await assert.rejects(run({ engage: () => Promise.reject(refused) }), refused);
  });

  it('tells what could not be stopped, and does not fail for it', async () => {
    const { stopped } = await run({ engage: async () => 'ana/e2', stop: () => Promise.reject(DOUBT) });
    assert.equal(stopped[0]?.failure, 'cut off');
  });

  it('looks after a doubt, and finds what began a little later', async () => {
    let looks = 0;
    let engaged = 0;
    const { engaged: found } = await run({
      engage: () => {
        engaged += 1;
        return Promise.reject(DOUBT);
      },
      engagements: async () => {
        looks += 1;
        if (looks === 1) throw DOUBT;
        return looks < 3 ? [engagement()] : [engagement(), NEW];
      },
      stop: async () => {},
    });
    assert.equal(engaged, 1, 'asked once');
    assert.deepEqual(found[0], { contact: 'ana', name: 'Ana Duarte', engagement: 'ana/e2', foundAfterDoubt: true });
  });

  const notIt: [what: string, engagement: Engagement][] = [
    ['of somebody else', { ...NEW, contact: 'tom' }],
    ['that was there before', { ...NEW, id: 'engineering/e1' }],
    ['that began long ago', { ...NEW, startedAt: minutes(-10) }],
  ];
  for (const [what, other] of notIt) {
    it(`does not take an engagement ${what} for its own`, async () => {
      await assert.rejects(
        run({ engage: () => Promise.reject(DOUBT), engagements: async () => [other] }),
        failing('UNAVAILABLE', /not known whether Ana Duarte is being rung.*nothing was repeated/),
      );
    });
  }

  it('looks at the pages where there is no incident', async () => {
    const fresh = page({ contact: 'ana', engagementId: 'ana/e9', incidentId: null, sentAt: minutes(0) });
    const verbs: Partial<Pager> = { engage: () => Promise.reject(DOUBT), stop: async () => {} };
    const { engaged } = await run({ ...verbs, pagesOf: async () => [fresh] }, null);
    assert.equal(engaged[0]?.engagement, 'ana/e9');
    const older = { ...fresh, engagementId: 'engineering/e1' };
    await assert.rejects(run({ ...verbs, pagesOf: async () => [older] }, null), failing('UNAVAILABLE', /not known/));
  });
});

describe('the proof of a page', () => {
  const receipt = (kind: Receipt['kind']): Receipt => ({ kind, at: minutes(0), channelId: 'ana/sms', info: 'x' });

  async function watch(pages: (look: number) => Page[], receipts: Receipt[]) {
    let looks = 0;
    const verbs: Partial<Pager> = { pagesOfEngagement: async () => pages(++looks), receipts: async () => receipts };
    const clock = quickClock();
    const begun = clock.now();
    const found = await watchDelivery(smallPager({}, verbs), ['ana/e2'], { plan: PLAN, clock });
    return { found, took: clock.now() - begun };
  }
  const PAGE = page({ contact: 'ana', deliveredAt: null });

  it('ends as soon as a page was delivered, and names the channel', async () => {
    const { found, took } = await watch((look) => (look < 3 ? [] : [PAGE]), [receipt('sent'), receipt('delivered')]);
    assert.deepEqual(found[0], {
      person: 'ana',
      name: 'Ana Duarte',
      channel: 'sms',
      sentAt: minutes(0),
      deliveredAt: minutes(0),
      error: null,
    });
    assert.equal(took, 1000);
  });

  it('is content with a page that was sent, after a little more patience', async () => {
    const { found, took } = await watch(() => [PAGE], [receipt('sent')]);
    assert.ok(found.every(onItsWay));
    assert.equal(took, 3000);
  });

  it('gives up after ten seconds without a page', async () => {
    const { found, took } = await watch(() => [], []);
    assert.deepEqual([found, took], [[], 10_000]);
  });

  it('does not take a failed page for a proof', async () => {
    const { found } = await watch(() => [PAGE], [receipt('sent'), receipt('error')]);
    assert.equal(found[0]?.error, 'x');
    assert.equal(found.some(onItsWay), false);
  });
});
