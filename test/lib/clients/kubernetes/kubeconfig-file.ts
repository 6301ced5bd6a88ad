import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** A folder for one test's files. */
export async function scratch(): Promise<{ path(name: string): string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'oncall-kubeconfig-'));
  return {
    path: (name) => join(folder, name),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface KubeconfigFacts {
  server?: string;
  cluster?: object;
  user?: object | null;
  context?: string;
  current?: string | null;
}

/** Writes a kubeconfig with one context, which is the current one unless told. */
export async function writeKubeconfig(path: string, facts: KubeconfigFacts): Promise<void> {
  const { context = 'prod', server = 'https://127.0.0.1:1', user = {}, current = context } = facts;
  const names = { cluster: `${context}-cluster`, ...(user ? { user: `${context}-user` } : {}) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: names.cluster, cluster: { server, ...facts.cluster } }],
    users: user ? [{ name: names.user, user }] : [],
    contexts: [{ name: context, context: names }],
    ...(current ? { 'current-context': current } : {}),
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}
