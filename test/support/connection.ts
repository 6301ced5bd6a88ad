import assert from 'node:assert/strict';
import type { ConnectionSettings } from '../../src/lib/config/settings.ts';
import { type ErrorCode, OncallError } from '../../src/lib/errors.ts';

/** Settings of a production environment that is configured to reach nothing, and what a test changes of them. */
export function connection(changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    world: 'production',
    environment: 'production',
    aws: { region: 'us-west-2', profile: null, endpoint: null },
    kubernetes: { kubeconfig: null, context: null },
    prometheus: null,
    alertmanager: null,
    github: { apiUrl: 'http://127.0.0.1:1' },
    discord: { responders: null, customers: null, mentionRole: null, file: '', problem: null, exposed: false },
    ...changes,
  };
}

/** A signal that nobody aborts. */
export function unaborted(): AbortSignal {
  return new AbortController().signal;
}

/** For `assert.rejects`: one of ours, with this code, and these words in its message and hint together. */
export function failing(code: ErrorCode, words: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof OncallError, error instanceof Error ? error.stack : String(error));
    assert.equal(error.code, code, error.message);
    assert.match(`${error.message} → ${error.hint ?? ''}`, words);
    return true;
  };
}
