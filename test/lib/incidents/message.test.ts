import assert from 'node:assert/strict';
import { helpMessage, pageMessage, triedSoFar } from '../../../src/lib/incidents/message.ts';
import type { JournalEntry } from '../../../src/lib/store/journal.ts';
import { incident, minutes, NOW } from './small-pager.ts';

function entry(command: string, part: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id: command,
    at: minutes(-1),
    who: 'sam',
    world: 'production',
    environment: 'production',
    incident: 'i',
    command,
    outcome: 'ok',
    timeline: null,
    link: null,
    ...part,
  };
}

describe('what somebody is told who is woken', () => {
  it('is what was tried, with its outcome, and what was noted', () => {
    const journal = [
      entry('oncall ack'),
      entry('oncall logs dolthubapi --tail 50'),
      entry('oncall revert dolthubapi --yes --json', { outcome: 'NOT_VERIFIED', timeline: 'Reverted.' }),
      entry('oncall note all pods restart', { timeline: 'all pods restart' }),
      entry('oncall now'),
      entry('oncall escalate ana'),
    ];
    assert.deepEqual(triedSoFar(journal), [
      '03:09Z oncall logs dolthubapi --tail 50 (ok)',
      '03:09Z oncall revert dolthubapi (not verified)',
      '03:09Z all pods restart',
    ]);
  });

  it('keeps to the last ten things', () => {
    const journal = Array.from({ length: 30 }, (_, i) => entry(`oncall graph ${i}`));
    assert.equal(triedSoFar(journal).length, 10);
    assert.match(triedSoFar(journal).at(-1) ?? '', /graph 29/);
  });

  const parts = {
    incident: incident(),
    service: 'dolthubapi',
    since: NOW - 120_000,
    journal: [],
    from: 'Sam Okafor',
    reason: 'token hunter2-hunter2 leaked',
    now: NOW,
    clean: (text: string) => text.replaceAll('hunter2-hunter2', '***'),
  };

  it('says what, since when, which service, who asks and why, and how to take it', () => {
    const { content } = helpMessage(parts);
    assert.equal(
      content,
      [
        'dolthubapi is down',
        'Since 03:08Z (2m ago), impact critical, service dolthubapi.',
        'Sam Okafor asks for your help: token *** leaked',
        'Nothing has been tried yet.',
        'Take it with: oncall ack 3f2c1a9b',
      ].join('\n'),
    );
  });

  it('tells a text message, which others may read, no reason, and fits into one', () => {
    const long = helpMessage({ ...parts, incident: incident({ title: 'x'.repeat(300) }) });
    assert.equal(long.publicContent.length, 140);
    assert.doesNotMatch(helpMessage(parts).publicContent, /leaked/);
  });

  it('carries no secret in any of its texts', () => {
    const message = pageMessage({ why: 'hunter2-hunter2', from: 'Sam', clean: parts.clean });
    assert.doesNotMatch(JSON.stringify([message, helpMessage(parts)]), /hunter2/);
  });
});
