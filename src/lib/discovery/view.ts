import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import type { Discovery, FoundTeamService } from './discovery.ts';

/** What was found where: the places first, then one line a service. */
export function discoveryView(
  { sources, services }: Discovery,
  { paint, width }: { paint: Paint; width: number | null },
): string {
  const longest = Math.max(...sources.map(({ source }) => source.length));
  const places = sources.map(({ source, words, found }) => {
    const sign = found ? paint.good(paint.sign.good) : paint.dim('-');
    const told = plain(words);
    return `${sign} ${source.padEnd(longest)}  ${found ? told : paint.dim(told)}`;
  });
  if (services.length === 0) return places.join('\n');
  const rows = table(
    services,
    [
      { title: 'Service', cell: ({ name }) => plain(name) },
      { title: 'Namespace', cell: ({ namespace }) => plain(namespace ?? '-'), shrink: true },
      { title: 'Repository', cell: (one) => plain(repositoryWords(one)), shrink: true },
      {
        title: 'Metrics',
        cell: ({ upLabel, name }) => (upLabel ? plain(`up{${upLabel}="${name}"}`) : '-'),
        shrink: true,
      },
      { title: 'Pages', cell: ({ planned }) => (planned ? 'yes' : '-') },
      { title: 'Runbook', cell: ({ runbook }) => (runbook ? 'yes' : '-') },
    ],
    width,
  );
  return [...places, '', rows].join('\n');
}

function repositoryWords({ repository, deploy, revert }: FoundTeamService): string {
  if (!repository) return '-';
  const files = [deploy, revert].filter(Boolean);
  return files.length > 0 ? `${repository} (${files.join(', ')})` : repository;
}
