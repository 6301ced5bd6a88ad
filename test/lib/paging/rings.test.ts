import assert from 'node:assert/strict';
import type { Contact, Directory, Person } from '../../../src/lib/paging/contact.ts';
import { ringsIfNobodyAnswers } from '../../../src/lib/paging/rings.ts';
import {
  type EngagementSoFar,
  type PageSoFar,
  ringsToCome,
  stagesToCome,
} from '../../../src/lib/paging/still-to-ring.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-05T03:12:00Z');

function person(id: string, changes: Partial<Person> = {}): Person {
  return {
    kind: 'person',
    id,
    name: id,
    channels: [
      { id: `${id}-sms`, kind: 'sms', activated: true },
      { id: `${id}-voice`, kind: 'voice', activated: true },
    ],
    stages: [
      { minutes: 1, channels: [{ channel: `${id}-sms`, retryMinutes: null }] },
      { minutes: 4, channels: [{ channel: `${id}-voice`, retryMinutes: 2 }] },
    ],
    ...changes,
  };
}

function plan(...stages: [minutes: number, ...targets: [contact: string, essential: boolean][]][]): Contact {
  return {
    kind: 'plan',
    id: 'plan',
    name: 'Plan',
    stages: stages.map(([minutes, ...targets]) => ({
      minutes,
      targets: targets.map(([contact, essential]) => ({ contact, essential })),
    })),
  };
}

const ROTA: Contact = {
  kind: 'schedule',
  id: 'rota',
  name: 'Rota',
  shifts: [
    { people: ['sam'], from: START - 60 * MINUTE, until: START + 60 * MINUTE },
    { people: ['mei'], from: START + 60 * MINUTE, until: START + 120 * MINUTE },
  ],
};

const THREE_STAGES = plan([5, ['rota', true]], [5, ['ana', true]], [5, ['tom', true]]);

function directory(...contacts: Contact[]): Directory {
  const all = [ROTA, ...['sam', 'ana', 'tom', 'mei'].map((id) => person(id)), ...contacts];
  return (id) => all.findLast((contact) => contact.id === id);
}

function brief(rings: readonly { at: number; channel: string; stage: number | null }[]): string[] {
  return rings.map(({ at, channel, stage }) => `+${(at - START) / MINUTE} ${channel} ${stage ?? '-'}`);
}

const SAM = ['+0 sam-sms 0', '+1 sam-voice 0', '+3 sam-voice 0'];
const ANA = ['+5 ana-sms 1', '+6 ana-voice 1', '+8 ana-voice 1'];
const TOM = ['+10 tom-sms 2', '+11 tom-voice 2', '+13 tom-voice 2'];

describe('who rings if nobody answers', () => {
  const rings = (contacts: Contact[], contact = 'plan', start = START) =>
    ringsIfNobodyAnswers(directory(...contacts), contact, start);

  it('is each stage in turn, and each person by their own plan', () => {
    assert.deepEqual(brief(rings([THREE_STAGES])), [...SAM, ...ANA, ...TOM]);
  });

  it('is told with the way that led there', () => {
    const [first] = rings([THREE_STAGES]);
    assert.deepEqual(first, {
      at: START,
      person: 'sam',
      stage: 0,
      essential: true,
      channel: 'sam-sms',
      channelKind: 'sms',
      attempt: 1,
      path: [
        { contact: 'plan', kind: 'plan', stage: null },
        { contact: 'rota', kind: 'schedule', stage: 0 },
        { contact: 'sam', kind: 'person', stage: 0 },
      ],
    });
  });

  it('is whoever has the shift when the stage begins, not when the plan does', () => {
    const late = plan([5, ['ana', true]], [5, ['rota', true]]);
    const [, , , fourth] = rings([late], 'plan', START + 56 * MINUTE);
    assert.equal(fourth?.person, 'mei');
  });

  it('is nobody for a schedule without a shift, and the stage takes its time all the same', () => {
    const gap = { ...ROTA, shifts: [] } as Contact;
    assert.deepEqual(brief(rings([THREE_STAGES, gap])), [...ANA, ...TOM]);
  });

  it('leaves out channels that are not activated, or gone', () => {
    const channels = [{ id: 'sam-sms', kind: 'sms', activated: false }] as const;
    assert.deepEqual(rings([person('sam', { channels })], 'sam'), []);
  });

  it('is one person, or those on shift, when no plan is engaged', () => {
    const direct = ['+0 sam-sms -', '+1 sam-voice -', '+3 sam-voice -'];
    assert.deepEqual(brief(rings([], 'sam')), direct);
    assert.deepEqual(brief(rings([], 'rota')), direct);
    assert.deepEqual(rings([], 'stranger'), []);
  });

  it('rings a person once whom two targets of a stage name', () => {
    const twice = plan([0, ['rota', false], ['sam', true]]);
    const found = rings([twice]);
    assert.deepEqual(brief(found), SAM);
    assert.ok(found.every(({ essential }) => essential));
  });

  it('rings two stages at once when the first lasts no time', () => {
    const together = plan([0, ['sam', true]], [5, ['ana', true]]);
    assert.deepEqual(brief(rings([together])).slice(0, 2), ['+0 sam-sms 0', '+0 ana-sms 1']);
  });
});

describe('what will still ring', () => {
  const page = (who: string, stage: number | null, sent: number, read: number | null = null): PageSoFar => ({
    person: who,
    stage,
    sentAt: START + sent * MINUTE,
    readAt: read === null ? null : START + read * MINUTE,
  });
  const engagement = (...pages: PageSoFar[]): EngagementSoFar => ({
    contact: 'plan',
    startedAt: START,
    stoppedAt: null,
    pages,
  });
  const toCome = (engaged: EngagementSoFar, now: number, ...contacts: Contact[]) =>
    brief(ringsToCome(directory(THREE_STAGES, ...contacts), engaged, START + now * MINUTE));
  const stages = (engaged: EngagementSoFar, now: number, ...contacts: Contact[]) =>
    stagesToCome(directory(THREE_STAGES, ...contacts), engaged, START + now * MINUTE).map(
      ({ stage, at, reached }) => `+${(at - START) / MINUTE} ${stage} ${reached.map(({ person: who }) => who)}`,
    );

  it('is everything while no page is seen yet', () => {
    assert.deepEqual(toCome(engagement(), 0), [...SAM, ...ANA, ...TOM]);
  });

  it('is the rest of the person’s own plan and the later stages', () => {
    assert.deepEqual(toCome(engagement(page('sam', 0, 0), page('sam', 0, 1)), 2), ['+3 sam-voice 0', ...ANA, ...TOM]);
  });

  it('is nothing once someone essential has read', () => {
    assert.deepEqual(toCome(engagement(page('sam', 0, 0, 2), page('sam', 0, 1)), 2), []);
    assert.deepEqual(stages(engagement(page('sam', 0, 0, 2)), 2), []);
  });

  it('is the later stages when the one who read is not essential', () => {
    const lenient = plan([5, ['rota', false]], [5, ['ana', true]]);
    assert.deepEqual(toCome(engagement(page('sam', 0, 0, 2)), 2, lenient), ANA);
    assert.deepEqual(stages(engagement(page('sam', 0, 0, 2)), 2, lenient), ['+5 1 ana']);
  });

  it('is the own plan of those already rung, even when someone else ended the stages', () => {
    const pages = [page('sam', 0, 0, 6), page('ana', 1, 5)];
    assert.deepEqual(toCome(engagement(...pages), 6), ['+6 ana-voice 1', '+8 ana-voice 1']);
    assert.deepEqual(stages(engagement(...pages), 6), []);
  });

  it('is counted from the latest stage that is seen to have begun', () => {
    const pages = [page('sam', 0, 0), page('sam', 0, 1), page('ana', 1, 2)];
    assert.deepEqual(stages(engagement(...pages), 2), ['+7 2 tom']);
  });

  it('is told for a stage that reaches nobody, which rings nobody', () => {
    const late = plan([5, ['sam', true]], [5, ['rota', true]], [5, ['tom', true]]);
    const gap = { ...ROTA, shifts: [] } as Contact;
    assert.deepEqual(stages(engagement(page('sam', 0, 0)), 1, late, gap), ['+5 1 ', '+10 2 tom']);
  });

  it('is nothing after the engagement was stopped', () => {
    assert.deepEqual(toCome({ ...engagement(page('sam', 0, 0)), stoppedAt: START + MINUTE }, 2), []);
  });

  it('still names whoever was paged after the rota was edited', () => {
    const edited = { ...ROTA, shifts: [] } as Contact;
    assert.deepEqual(stages(engagement(page('sam', 0, 0, 1)), 2, edited), []);
  });

  it('is the rest of the own plan for a person who was engaged alone', () => {
    const alone = { ...engagement(page('sam', null, 0)), contact: 'sam' };
    assert.deepEqual(toCome(alone, 0), ['+1 sam-voice -', '+3 sam-voice -']);
    assert.deepEqual(toCome({ ...alone, pages: [] }, 0), ['+0 sam-sms -', '+1 sam-voice -', '+3 sam-voice -']);
    assert.deepEqual(stages(alone, 0), []);
  });
});
