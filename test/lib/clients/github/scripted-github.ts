import type { GitHub } from '../../../../src/lib/clients/github/github.ts';
import { connectGitHub } from '../../../../src/lib/clients/github/rest.ts';
import type { World } from '../../../../src/lib/config/settings.ts';
import { connection, unaborted } from '../../../support/connection.ts';
import {
  json,
  type Recorded,
  type RecordingServer,
  type Reply,
  serveRecording,
} from '../../../support/recording-server.ts';

export const API = 'dolthub/dolthubapi';
export const TOKEN = 'github_pat_not_for_anybodys_eyes';
export const repository = json(200, { default_branch: 'main' });

export function connect(apiUrl: string, options: { signal?: AbortSignal; world?: World } = {}): GitHub {
  const settings = connection({ github: { apiUrl }, world: options.world ?? 'production' });
  return connectGitHub({ settings, token: async () => TOKEN, signal: options.signal ?? unaborted() });
}

/** A GitHub that answers as a test tells it. */
export class ScriptedGitHub {
  #server: RecordingServer | undefined;

  get url(): string {
    return this.#server?.url ?? '';
  }

  get received(): Recorded[] {
    return this.#server?.received ?? [];
  }

  /** Serves this, instead of what was served before, and connects. */
  async answering(reply: Reply, options: { signal?: AbortSignal } = {}): Promise<GitHub> {
    await this.close();
    this.#server = await serveRecording(reply);
    return connect(this.#server.url, options);
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
