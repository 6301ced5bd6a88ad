import { chmod, readFile, writeFile } from 'node:fs/promises';
import { connectKubernetes } from '../../../../src/lib/clients/kubernetes/connect.ts';
import type { Kubernetes, Target } from '../../../../src/lib/clients/kubernetes/kubernetes.ts';
import type { World } from '../../../../src/lib/config/settings.ts';
import { connection, unaborted } from '../../../support/connection.ts';
import { json, type RecordingServer, type Reply, serveRecording } from '../../../support/recording-server.ts';
import { testCertificates } from '../../../support/serve-kubernetes.ts';
import { type KubeconfigFacts, scratch, writeKubeconfig } from './kubeconfig-file.ts';

export const target: Target = { context: null, namespace: 'production', selector: 'app=api' };
export const noPods = json(200, { kind: 'PodList', metadata: {}, items: [] });
export const status = (code: number, message: string): Reply => json(code, { kind: 'Status', code, message });

export interface Setting {
  kubeconfig?: KubeconfigFacts;
  env?: Record<string, string>;
  world?: World;
  signal?: AbortSignal;
}

/** A cluster that answers as a test tells it, a kubeconfig that leads to it, and credential plugins beside that. */
export class ScriptedCluster {
  readonly #files: Awaited<ReturnType<typeof scratch>>;
  #server: RecordingServer | undefined;

  private constructor(files: Awaited<ReturnType<typeof scratch>>) {
    this.#files = files;
  }

  static async create(): Promise<ScriptedCluster> {
    return new ScriptedCluster(await scratch());
  }

  get received(): RecordingServer['received'] {
    return this.#server?.received ?? [];
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  path(name: string): string {
    return this.#files.path(name);
  }

  /** What is in a file of the scratch folder; null when there is none. */
  content(name: string): Promise<string | null> {
    return readFile(this.path(name), 'utf8').catch(() => null);
  }

  /** Serves over TLS, instead of what was served before, and connects. */
  async answering(reply: Reply, setting: Setting = {}): Promise<Kubernetes> {
    const made = await testCertificates();
    await this.#serve(reply, { key: made.server.key, cert: made.server.cert });
    const ca = { 'certificate-authority-data': Buffer.from(made.ca.cert).toString('base64') };
    const { kubeconfig } = setting;
    return this.client({
      ...setting,
      kubeconfig: { server: this.url, ...kubeconfig, cluster: { ...ca, ...kubeconfig?.cluster } },
    });
  }

  /** Serves over plain HTTP, below a path. */
  async answeringPlainly(reply: Reply, setting: Setting & { below?: string } = {}): Promise<Kubernetes> {
    await this.#serve(reply);
    return this.client({
      ...setting,
      kubeconfig: { server: `${this.url}${setting.below ?? ''}`, ...setting.kubeconfig },
    });
  }

  async client({
    kubeconfig = {},
    env = {},
    world = 'production',
    signal = unaborted(),
  }: Setting): Promise<Kubernetes> {
    await writeKubeconfig(this.path('config'), kubeconfig);
    const settings = connection({ world, kubernetes: { kubeconfig: this.path('config'), context: null } });
    return connectKubernetes({ settings, signal, env: { PATH: `${this.path('')}:/usr/bin:/bin`, ...env } });
  }

  /** A credential plugin on the PATH and beside the kubeconfig. */
  async plugin(name: string, script: string): Promise<void> {
    await writeFile(this.path(name), `#!/bin/sh\n${script}\n`);
    await chmod(this.path(name), 0o755);
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.#files.remove();
  }

  async #serve(reply: Reply, tls?: { key: string; cert: string }): Promise<void> {
    await this.#server?.close();
    this.#server = await serveRecording(reply, tls);
  }
}
