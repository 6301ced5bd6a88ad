import assert from 'node:assert/strict';
import type { Contact } from '../../../src/lib/clients/pager/pager.ts';
import { callerName, contactNamed, noContact, requireContact } from '../../../src/lib/incidents/people.ts';
import { failing } from './small-pager.ts';

const CONTACTS: Contact[] = [
  { alias: 'ana', name: 'Ana Duarte', kind: 'person' },
  { alias: 'banana', name: 'Banana Smith', kind: 'person' },
  { alias: 'sam-o', name: 'Sam Okafor', kind: 'person' },
  { alias: 'sam-r', name: 'Sam Reyes', kind: 'person' },
  { alias: 'engineering', name: 'Engineering', kind: 'plan' },
];

describe('whom a word means', () => {
  const found: [word: string, alias: string | null][] = [
    ['ana', 'ana'],
    ['ANA', 'ana'],
    ['Ana Duarte', 'ana'],
    ['duarte', 'ana'],
    ['anan', 'banana'],
    ['okaf', 'sam-o'],
    ['engineering', 'engineering'],
    ['mei', null],
    ['', null],
    ['  ', null],
  ];
  for (const [word, alias] of found) {
    it(`takes "${word}" for ${alias ?? 'nobody'}`, () => {
      assert.equal(contactNamed(CONTACTS, word)?.alias ?? null, alias);
    });
  }

  it('does not choose between two', () => {
    assert.throws(() => contactNamed(CONTACTS, 'sam'), failing('AMBIGUOUS', /sam-o \(Sam Okafor\), sam-r/));
  });

  it('names near names, and everybody there is', () => {
    assert.throws(
      () => requireContact(CONTACTS, 'duarta'),
      failing('NOT_FOUND', /Nobody here is called "duarta"\. Did you mean "Duarte"\?.*Choose one of: ana, banana/s),
    );
    assert.match(noContact(CONTACTS, 'dolthubap', ['dolthubapi']).message, /Did you mean "dolthubapi"/);
  });

  it('lets nobody go without help because it is not known who asks', () => {
    assert.equal(callerName(CONTACTS, 'ana'), 'Ana Duarte');
    assert.equal(callerName(CONTACTS, 'zoe'), 'zoe');
    assert.equal(callerName(CONTACTS, null), 'A colleague');
  });
});
