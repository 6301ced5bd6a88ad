import assert from 'node:assert/strict';
import type { Incident } from '../../../src/lib/clients/pager/pager.ts';
import { chooseIncident, requireIncident } from '../../../src/lib/incidents/choose-incident.ts';
import { failing, incident, minutes, smallPager } from './small-pager.ts';

const API = incident({ id: 'aaaa1111-0000-4000-8000-000000000000' });
const WEB = incident({ id: 'aaaa2222-0000-4000-8000-000000000000', title: 'dolthub-web is slow' });
const OLD = incident({
  id: 'bbbb3333-0000-4000-8000-000000000000',
  status: 'resolved',
  startedAt: minutes(-5000),
  resolvedAt: minutes(-4900),
});
const OLDER = { ...OLD, id: 'cccc4444-0000-4000-8000-000000000000' };

function pagerWith(incidents: readonly Incident[]) {
  return smallPager(
    {},
    { incidents: async ({ status } = {}) => incidents.filter((one) => !status || one.status === status) },
  );
}

describe('which incident a command is about', () => {
  const choices: [what: string, all: Incident[], ref: string | null, current: string | null, id: string | null][] = [
    ['the only open one', [API, OLD], null, null, API.id],
    ['none when nothing is open', [OLD], null, OLD.id, null],
    ['of several open ones the one worked on last', [API, WEB], null, WEB.id, WEB.id],
    ['the only open one, though another was worked on last', [API, OLD], null, OLD.id, API.id],
    ['the one whose id begins so', [API, WEB], 'aaaa2', null, WEB.id],
    ['the one whose ARN is given', [API, WEB], `arn:aws:ssm-incidents::1:incident-record/x/${WEB.id}`, null, WEB.id],
    ['the one whose title has the words, in any order and case', [API, WEB], 'SLOW web', null, WEB.id],
    ['the open one when its title came back', [API, OLD], 'dolthubapi', null, API.id],
    ['a resolved one by its id', [API, OLD], 'bbbb', null, OLD.id],
  ];
  for (const [what, all, ref, current, id] of choices) {
    it(`takes ${what}`, async () => {
      const choice = await chooseIncident(pagerWith(all), ref, current);
      assert.equal(choice?.incident.id ?? null, id);
    });
  }

  it('counts the others that are open', async () => {
    assert.equal((await chooseIncident(pagerWith([API, WEB]), null, WEB.id))?.othersOpen, 1);
  });

  const refusals: [what: string, all: Incident[], ref: string | null, code: string, words: RegExp][] = [
    [
      'several open ones, naming each',
      [API, WEB],
      null,
      'AMBIGUOUS',
      /2 incidents are open.*-i aaaa1111.*-i aaaa2222/s,
    ],
    ['an id that begins several', [API, WEB], 'aaaa', 'AMBIGUOUS', /beginning of several/],
    ['a title that several open ones have', [API, { ...API, id: WEB.id }], 'dolthubapi', 'AMBIGUOUS', /fits several/],
    ['a title that several resolved ones have', [OLD, OLDER], 'dolthubapi', 'AMBIGUOUS', /fits several/],
    ['words that fit none', [API], 'database', 'NOT_FOUND', /No incident matches "database".*-i aaaa1111/s],
  ];
  for (const [what, all, ref, code, words] of refusals) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(chooseIncident(pagerWith(all), ref, null), failing(code, words));
    });
  }

  it('says how to go on where there must be one', async () => {
    await assert.rejects(
      requireIncident(pagerWith([OLD]), null, null),
      failing('NOT_FOUND', /No incident is open.*-i/s),
    );
  });
});
