import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startSource } from './bench-source.ts';
import { delayOf, firstLineOf, openingOf, stalledOf, type Throughput, throughputOf } from './measure.ts';
import { floor, kubectl, oncall, type Rival, stern, versions } from './rivals.ts';

/**
 * `npm run bench:logs [-- --quick] [--only throughput] [--pods 10] [--lines 1000000] [--form json] [--tls yes] [--runs 3]`:
 * `oncall logs` as it is built, beside kubectl, stern and a bare read of the same bytes, on this machine's loopback.
 * Prints Markdown. The same cases as in docs/performance.md, or the one that the flags name.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    pods: { type: 'string' },
    lines: { type: 'string' },
    form: { type: 'string' },
    tls: { type: 'string' },
    runs: { type: 'string' },
  },
});
const RUNS = Number(values.runs ?? (values.quick ? 1 : 3));
const LINES = Number(values.lines ?? (values.quick ? 300_000 : 1_000_000));

interface Case {
  pods: number;
  form: 'plain' | 'json';
  tls: boolean;
}

const CASES: readonly Case[] = [
  { pods: 10, form: 'plain', tls: false },
  { pods: 10, form: 'json', tls: false },
  { pods: 10, form: 'plain', tls: true },
  { pods: 1, form: 'plain', tls: false },
  { pods: 100, form: 'plain', tls: false },
];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  say(`| ${head.join(' | ')} |\n|${head.map(() => ' --- |').join('')}`);
  for (const row of rows) say(`| ${row.join(' | ')} |`);
  say('');
}

function some(...rivals: (Rival | null)[]): Rival[] {
  return rivals.filter((rival) => rival !== null);
}

function casesWanted(): Case[] {
  const { pods, form, tls, quick } = values;
  if (pods === undefined && form === undefined && tls === undefined) return quick ? CASES.slice(0, 2) : [...CASES];
  return [{ pods: Number(pods ?? 10), form: form === 'json' ? 'json' : 'plain', tls: tls === 'yes' }];
}

async function throughput({ pods, form, tls }: Case): Promise<void> {
  const each = Math.floor(LINES / pods);
  const source = await startSource({ pods, lines: each, form, tls, rate: null });
  const ours =
    form === 'json'
      ? [
          oncall('oncall logs (flattened)', 'all', '--no-timestamps'),
          oncall('oncall logs --level error', 'all', '--level', 'error', '--no-timestamps'),
        ]
      : [oncall('oncall logs', 'all', '--no-timestamps'), oncall('oncall logs, with stamps', 'all')];
  // kubectl and stern open five streams a second after the first few: with a hundred that is all one would measure.
  const rivals = pods > 20 ? some(...ours, floor) : some(...ours, kubectl('all'), stern('all'), floor);
  try {
    const results = await throughputOf(rivals, { source, pods, lines: each * pods, runs: RUNS });
    say(`### ${pods} pods, ${form} lines, ${tls ? 'TLS' : 'plain HTTP'}: ${each * pods} lines, ${RUNS} runs\n`);
    tellThroughput(results);
  } finally {
    await source.close();
  }
}

function tellThroughput(results: readonly Throughput[]): void {
  const [ours] = results;
  table(
    ['', 'lines/s', 'oncall is', 'CPU s per million lines', 'oncall takes', 'peak RSS MB'],
    results.map((one) => [
      one.name,
      `${(one.linesPerSecond / 1e6).toFixed(2)} M`,
      `${((ours?.linesPerSecond ?? 0) / one.linesPerSecond).toFixed(2)} x as fast`,
      one.cpuPerMillion.toFixed(2),
      `${((ours?.cpuPerMillion ?? 0) / one.cpuPerMillion).toFixed(2)} x its CPU`,
      one.megabytes.toFixed(0),
    ]),
  );
}

async function firstLines(): Promise<void> {
  const source = await startSource({ pods: 10, lines: 1000, form: 'plain', tls: true, rate: null });
  try {
    const rivals = some(oncall('oncall logs', 'all', '--no-timestamps'), kubectl('all'), stern('all'));
    const runs = values.quick ? 3 : Math.max(7, RUNS);
    const results = await firstLineOf(rivals, { source, pods: 10, runs });
    say(`### Start to first line, 10 pods, TLS: ${runs} runs\n`);
    const [ours] = results;
    table(
      ['', 'ms', 'oncall takes'],
      results.map(({ name, ms }) => [name, ms.toFixed(0), `${((ours?.ms ?? 0) / ms).toFixed(2)} x`]),
    );
  } finally {
    await source.close();
  }
}

async function hundredStreams(): Promise<void> {
  const source = await startSource({ pods: 100, lines: 4000, form: 'plain', tls: true, rate: null });
  try {
    const ours = oncall('oncall logs', 'all', '--no-timestamps');
    const rivals = values.quick ? [ours] : some(ours, kubectl('all'), stern('all'));
    say('### 100 pods, TLS\n');
    const rows: string[][] = [];
    for (const rival of rivals) {
      const ms = await openingOf(rival, { source, pods: 100 });
      const megabytes = await stalledOf(rival, { source, pods: 100, ms: rival === ours ? 5000 : 22_000 });
      rows.push([rival.name, ms.toFixed(0), megabytes.toFixed(0)]);
    }
    table(['', 'first to last request, ms', 'peak RSS while nobody reads, MB'], rows);
  } finally {
    await source.close();
  }
}

async function delays(): Promise<void> {
  say('### From the write of the source to the write of the program, 10 pods, 10,000 lines/s\n');
  const rows: string[][] = [];
  for (const rival of some(oncall('oncall logs', 'live', '--no-timestamps'), kubectl('live'), stern('live'))) {
    const source = await startSource({ pods: 10, lines: 1e6, form: 'plain', tls: true, rate: 10_000 });
    try {
      const { lines, p50, p99 } = await delayOf(rival, { source, pods: 10, ms: values.quick ? 2000 : 5000 });
      rows.push([rival.name, String(lines), p50.toFixed(1), p99.toFixed(1)]);
    } finally {
      await source.close();
    }
  }
  table(['', 'lines', 'p50 ms', 'p99 ms'], rows);
}

say(`${versions().join(', ')}; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} at the start.\n`);
const wanted = (part: string) => values.only === undefined || values.only === part;
if (wanted('throughput')) for (const one of casesWanted()) await throughput(one);
if (wanted('first-line')) await firstLines();
if (wanted('streams')) await hundredStreams();
if (wanted('delay')) await delays();
say(`Load ${loadavg()[0]?.toFixed(1)} at the end.`);
