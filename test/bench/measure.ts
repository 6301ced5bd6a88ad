import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchSource } from './bench-source.ts';
import type { Rival } from './rivals.ts';
import { peakOf, type Run, runToEnd, startRival } from './run-rival.ts';

const FIRST_WITHIN = 10_000;
const WARM_UP = 500;

/** Figures of one program, each the median of its runs. */
export interface Throughput {
  name: string;
  linesPerSecond: number;
  cpuPerMillion: number;
  megabytes: number;
}

/** Runs the programs in turn, so that whatever else the machine does meets all of them alike. */
export async function throughputOf(
  rivals: readonly Rival[],
  on: { source: BenchSource; pods: number; lines: number; runs: number },
): Promise<Throughput[]> {
  const runs = new Map<Rival, Run[]>(rivals.map((rival) => [rival, []]));
  for (let i = 0; i < on.runs; i++)
    for (const [rival, done] of runs) done.push(await runToEnd(rival, on.source, on.pods));
  return rivals.map((rival) => {
    const done = runs.get(rival) as Run[];
    return {
      name: rival.name,
      linesPerSecond: on.lines / median(done.map(({ seconds }) => seconds)),
      cpuPerMillion: median(done.map(({ cpuSeconds }) => cpuSeconds)) / (on.lines / 1e6),
      megabytes: median(done.map(({ megabytes }) => megabytes)),
    };
  });
}

/** From the start of each program to its first bytes, in milliseconds. */
export async function firstLineOf(
  rivals: readonly Rival[],
  on: { source: BenchSource; pods: number; runs: number },
): Promise<{ name: string; ms: number }[]> {
  const times = new Map<Rival, number[]>(rivals.map((rival) => [rival, []]));
  for (let i = 0; i < on.runs; i++)
    for (const [rival, done] of times) {
      const begun = performance.now();
      const { child, stop } = startRival(rival, on.source, on.pods);
      await firstBytes(child);
      done.push(performance.now() - begun);
      await stop();
    }
  return rivals.map((rival) => ({ name: rival.name, ms: median(times.get(rival) ?? []) }));
}

/** From the first request for a log to the last one, in milliseconds, as the source sees it. */
export async function openingOf(rival: Rival, on: { source: BenchSource; pods: number }): Promise<number> {
  await on.source.opened();
  const { child, stop } = startRival(rival, on.source, on.pods);
  child.stdout?.resume();
  const times: number[] = [];
  for (let i = 0; i < 600 && times.length < on.pods; i++) {
    await sleep(50);
    times.push(...(await on.source.opened()));
  }
  await stop();
  if (times.length < on.pods) throw new Error(`${rival.name} opened ${times.length} of ${on.pods} logs`);
  return (times[on.pods - 1] as number) - (times[0] as number);
}

/** What a program holds in memory, in megabytes at its peak, while nobody reads what it writes. */
export async function stalledOf(rival: Rival, on: { source: BenchSource; pods: number; ms: number }): Promise<number> {
  const { child, stop } = startRival(rival, on.source, on.pods);
  child.stdout?.pause();
  await sleep(on.ms);
  const peak = peakOf(child.pid);
  await stop();
  return peak;
}

export interface Delay {
  lines: number;
  p50: number;
  p99: number;
}

/** From the writing of each line by the source to its arrival here, in milliseconds. */
export async function delayOf(rival: Rival, on: { source: BenchSource; pods: number; ms: number }): Promise<Delay> {
  const { child, stop } = startRival(rival, on.source, on.pods);
  let delays: number[] = [];
  child.stdout?.on('data', (piece: Buffer) => {
    const now = Number(process.hrtime.bigint() / 1000n);
    for (const [, sent] of piece.toString('latin1').matchAll(/ sent=(\d+) /g)) delays.push((now - Number(sent)) / 1000);
  });
  await firstBytes(child);
  // Until all streams are open, lines wait for those of others.
  await sleep(WARM_UP);
  delays = [];
  await sleep(on.ms);
  await stop();
  delays.sort((a, b) => a - b);
  const at = (part: number) => delays[Math.floor((delays.length - 1) * part)] ?? Number.NaN;
  return { lines: delays.length, p50: at(0.5), p99: at(0.99) };
}

/** Resolves with a program's first bytes, at its end, or after a time in which any should have come. */
async function firstBytes(child: ChildProcess): Promise<void> {
  const came = new AbortController();
  child.stdout?.once('data', () => came.abort());
  child.once('exit', () => came.abort());
  await sleep(FIRST_WITHIN, undefined, { signal: came.signal }).catch(() => {});
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
