import assert from 'node:assert/strict';
import type { TimelineEvent } from '../../../src/lib/clients/pager/pager.ts';
import { mergeTimeline } from '../../../src/lib/incidents/timeline.ts';
import { timelineView } from '../../../src/lib/incidents/timeline-view.ts';
import type { JournalEntry } from '../../../src/lib/store/journal.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';
import { minutes } from './small-pager.ts';

function event(at: string, part: Partial<TimelineEvent>): TimelineEvent {
  return { id: at, at, kind: 'note', title: 'Note', text: null, contact: null, ...part };
}
function entry(at: string, part: Partial<JournalEntry>): JournalEntry {
  return {
    id: at,
    at,
    who: 'sam',
    world: 'production',
    environment: 'production',
    incident: 'i',
    command: 'oncall note x',
    outcome: 'ok',
    timeline: null,
    link: null,
    ...part,
  };
}
const LINK = 'https://github.test/runs/1';

describe('the timeline, of the pager and of this machine', () => {
  it('shows a note once that is on both, though the pager keeps whole seconds', () => {
    const lines = mergeTimeline(
      [event('2026-11-22T03:10:00.000Z', { text: 'restarted' })],
      [entry('2026-11-22T03:10:00.731Z', { timeline: 'restarted', command: 'oncall note restarted' })],
    );
    assert.equal(lines.length, 1);
    assert.deepEqual([lines[0]?.who, lines[0]?.command, lines[0]?.pending], ['sam', 'oncall note restarted', false]);
  });

  it('keeps two notes apart that have the same words at almost the same time', () => {
    const at = ['2026-11-22T03:10:00.000Z', '2026-11-22T03:10:01.000Z'] as const;
    const lines = mergeTimeline(
      at.map((one) => event(one, { text: 'still down' })),
      at.map((one, i) => entry(one, { timeline: 'still down', command: `oncall note ${i}` })),
    );
    assert.deepEqual(
      lines.map(({ command }) => command),
      ['oncall note 0', 'oncall note 1'],
    );
  });

  it('takes a link off the words that carry it', () => {
    const lines = mergeTimeline(
      [event(minutes(0), { text: `Reverted. ${LINK}` })],
      [entry(minutes(0), { timeline: 'Reverted.', link: LINK })],
    );
    assert.deepEqual([lines.length, lines[0]?.text, lines[0]?.link], [1, 'Reverted.', LINK]);
  });

  it('marks what the pager does not have yet', () => {
    const [line] = mergeTimeline([], [entry(minutes(0), { timeline: 'kept here' })]);
    assert.equal(line?.pending, true);
    assert.equal(mergeTimeline(null, [entry(minutes(0), { timeline: 'kept here' })])[0]?.pending, false);
  });

  it('adds the commands that were run, but not those that only looked at the record', () => {
    const lines = mergeTimeline(
      [],
      [
        entry(minutes(0), { command: 'oncall logs dolthubapi' }),
        entry(minutes(1), { command: 'oncall incident show' }),
        entry(minutes(2), { command: 'oncall who', outcome: 'UNAVAILABLE' }),
      ],
    );
    assert.deepEqual(
      lines.map(({ kind, text }) => [kind, text]),
      [
        ['command', 'oncall logs dolthubapi'],
        ['command', 'oncall who'],
      ],
    );
  });

  it('is in order of time, as text a line each, safe to print, with the day above', () => {
    const text = timelineView(
      mergeTimeline(
        [
          event('2026-11-22T23:59:58.000Z', { kind: 'paged', title: 'Paged sam' }),
          event('2026-11-22T23:59:59.000Z', { kind: 'paged', title: 'Paged sam' }),
          event('2026-11-23T00:00:05.000Z', { text: 'one\n\u001b[2Jtwo' }),
        ],
        [entry('2026-11-22T23:59:00.000Z', { command: 'oncall logs x', outcome: 'NOT_FOUND' })],
      ),
      { paint: createPaint({ colour: false, ascii: false }), zone: { utc: true, timeZone: null } },
    );
    assert.equal(
      text,
      [
        'Sun, 2026-11-22',
        '23:59:00Z  ran       oncall logs x  (sam, not found)',
        '23:59:58Z  paged     Paged sam  ×2',
        'Mon, 2026-11-23',
        '00:00:05Z  note      one',
        '                     two',
      ].join('\n'),
    );
  });
});
