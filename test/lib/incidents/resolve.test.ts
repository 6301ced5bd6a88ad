import assert from 'node:assert/strict';
import type { Pager } from '../../../src/lib/clients/pager/pager.ts';
import { OncallError } from '../../../src/lib/errors.ts';
import { incidentToResolve, resolveIncident } from '../../../src/lib/incidents/resolve.ts';
import { engagement, failing, incident, minutes, quickClock, smallPager } from './small-pager.ts';

const DOUBT = new OncallError('cut off', { code: 'UNAVAILABLE' });
const OVER = incident({ status: 'resolved', resolvedAt: minutes(10) });

function run(verbs: Partial<Pager>) {
  return resolveIncident({
    pager: smallPager({}, verbs),
    incident: incident(),
    running: [engagement()],
    token: 't',
    reason: 'Resolved by sam',
    clock: quickClock(),
  });
}

describe('resolving', () => {
  it('resolves, reads it back, and stops what still pages', async () => {
    const stopped: unknown[] = [];
    const done = await run({
      resolve: async () => {},
      incident: async () => OVER,
      stop: async (...call) => {
        stopped.push(call);
      },
    });
    assert.deepEqual([done.verified, done.lasted], [true, 12 * 60_000]);
    assert.deepEqual(stopped, [['engineering/e1', 'Resolved by sam']]);
  });

  it('takes a doubtful answer for done when the pager shows it so', async () => {
    const done = await run({ resolve: () => Promise.reject(DOUBT), incident: async () => OVER, stop: async () => {} });
    assert.equal(done.verified, true);
  });

  it('says that it is not known when neither answers', async () => {
    await assert.rejects(
      run({ resolve: () => Promise.reject(DOUBT), incident: () => Promise.reject(DOUBT) }),
      failing('UNAVAILABLE', /not known whether the incident was resolved/),
    );
  });

  it('is not verified while the pager shows it open', async () => {
    const done = await run({ resolve: async () => {}, incident: async () => incident(), stop: async () => {} });
    assert.equal(done.verified, false);
  });

  it('tells what could not be stopped', async () => {
    const verbs: Partial<Pager> = { resolve: async () => {}, incident: async () => OVER };
    const done = await run({ ...verbs, stop: () => Promise.reject(DOUBT) });
    assert.deepEqual(done.stopped, [{ engagement: 'engineering/e1', contact: 'engineering', failure: 'cut off' }]);
  });

  it('speaks of the last incident when nothing is open', async () => {
    const pager = smallPager({}, { incidents: async () => [], incident: async () => OVER });
    assert.equal((await incidentToResolve(pager, null, OVER.id))?.status, 'resolved');
    assert.equal(await incidentToResolve(pager, null, null), null);
  });
});
