import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceOptions } from './log-source.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A source of logs that runs, and the directory with what a client needs to reach it. */
export interface BenchSource {
  directory: string;
  kubeconfig: string;
  /** When each log was asked for since the last call, in milliseconds of the source's clock. */
  opened(): Promise<number[]>;
  close(): Promise<void>;
}

/** Starts a source as a process of its own, on loopback, with a kubeconfig and an oncall.yaml for it. */
export async function startSource(options: Omit<SourceOptions, 'directory'>): Promise<BenchSource> {
  const directory = mkdtempSync(join(tmpdir(), 'oncall-bench-'));
  const kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(
    join(directory, 'oncall.yaml'),
    `version: 1\nkubernetes:\n  kubeconfig: ${kubeconfig}\nservices:\n  bench:\n    selector: app=bench\n`,
  );
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(HERE, 'log-source.ts'), JSON.stringify({ ...options, directory })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const port = await firstLine(child);
  const scheme = options.tls ? 'https' : 'http';
  return {
    directory,
    kubeconfig,
    opened: () => openedOf(`${scheme}://127.0.0.1:${port}/bench/opened`, kubeconfig),
    async close() {
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
    child.once('exit', () => reject(new Error('the source of logs ended before it was ready')));
  });
}

function openedOf(url: string, kubeconfig: string): Promise<number[]> {
  const ca = /certificate-authority-data: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1];
  const client = url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const asked = client.get(url, ca ? { ca: Buffer.from(ca, 'base64') } : {}, async (response) => {
      let text = '';
      for await (const piece of response) text += String(piece);
      resolve((JSON.parse(text) as { milliseconds: number[] }).milliseconds);
    });
    asked.once('error', reject);
  });
}
