import { Journal } from '../../../src/lib/store/journal.ts';

/** A process of its own that appends so many entries to a journal: `append-entries.ts DIRECTORY NAME COUNT`. */
const [directory = '', name = '', count = '0'] = process.argv.slice(2);
const journal = new Journal(directory);
for (let i = 0; i < Number(count); i++) {
  await journal.append({
    id: `${name}-${i}`,
    at: '2026-11-22T03:12:41.000Z',
    who: name,
    world: 'production',
    environment: 'production',
    incident: 'x',
    command: 'y'.repeat(300 + i),
    outcome: 'ok',
    timeline: null,
    link: null,
  });
}
