import type { ConnectionSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import { matcherText } from '../../text/matcher-text.ts';
import { jsonApi } from '../ask-json.ts';
import type { OutboundAnswer } from '../outbound.ts';
import { utcStamp } from '../utc-stamp.ts';
import type { Alertmanager, FiringAlert, Matcher, Silence, SilenceDraft } from './alertmanager.ts';

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
interface WireSilence {
  id: string;
  status: { state: Silence['state'] };
  matchers: { name: string; value: string; isRegex: boolean; isEqual?: boolean }[];
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  createdBy: string;
  comment: string;
}

interface WireAlert {
  fingerprint: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  status: { state: FiringAlert['state']; silencedBy: string[]; inhibitedBy: string[]; mutedBy?: string[] };
  receivers: { name: string }[];
  generatorURL?: string;
}

/**
 * Alertmanager over its API v2.
 * @throws CONFIG on first use when `alertmanager.url` is not set; then AUTH, UNAVAILABLE, RATE_LIMITED, INTERRUPTED
 */
export function connectAlertmanager(options: { settings: ConnectionSettings; signal: AbortSignal }): Alertmanager {
  const url = options.settings.alertmanager?.url ?? null;
  const api = jsonApi({ what: 'Alertmanager', key: 'alertmanager.url', url, ...options, refusal });
  return {
    silences: () => api.ask({ path: 'api/v2/silences', read: readSilences }),
    alerts: (matchers = []) =>
      api.ask({ path: 'api/v2/alerts', query: new URLSearchParams(filters(matchers)), read: readAlerts }),
    putSilence: (draft) =>
      api.ask({ path: 'api/v2/silences', write: { method: 'POST', body: wireDraft(draft) }, read: readSilenceId }),
    endSilence: (id) =>
      api.ask({ path: `api/v2/silence/${encodeURIComponent(id)}`, write: { method: 'DELETE' }, read: () => undefined }),
    version: () => api.ask({ path: 'api/v2/status', read: readVersion }),
  };
}

function readSilences(body: unknown): Silence[] {
  return (body as WireSilence[]).map(readSilence).sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}

function readSilence(wire: WireSilence): Silence {
  return {
    id: wire.id,
    state: wire.status.state,
    // Before version 0.22 there was no `isEqual`: every matcher was positive.
    matchers: wire.matchers.map(({ name, value, isRegex, isEqual = true }) => ({ name, value, isRegex, isEqual })),
    startsAt: utcStamp(wire.startsAt),
    endsAt: utcStamp(wire.endsAt),
    updatedAt: utcStamp(wire.updatedAt),
    createdBy: wire.createdBy,
    comment: wire.comment,
  };
}

function filters(matchers: readonly Matcher[]): [string, string][] {
  return matchers.map((matcher) => ['filter', matcherText(matcher)]);
}

function wireDraft({ id, ...draft }: SilenceDraft): Record<string, unknown> {
  return { ...(id === null ? {} : { id }), ...draft };
}

function readSilenceId(body: unknown): string {
  const { silenceID } = body as { silenceID?: unknown };
  if (typeof silenceID !== 'string') throw new TypeError('no id');
  return silenceID;
}

function readAlerts(body: unknown): FiringAlert[] {
  return (body as WireAlert[]).map(({ status, startsAt, receivers, generatorURL, ...alert }) => ({
    fingerprint: alert.fingerprint,
    labels: { ...alert.labels },
    annotations: { ...alert.annotations },
    startsAt: utcStamp(startsAt),
    state: status.state,
    silencedBy: [...status.silencedBy],
    inhibitedBy: [...status.inhibitedBy],
    mutedBy: [...(status.mutedBy ?? [])],
    receivers: receivers.map(({ name }) => name),
    generatorUrl: generatorURL || null,
  }));
}

function readVersion(body: unknown): string {
  const { version } = (body as { versionInfo: { version?: unknown } }).versionInfo;
  if (typeof version !== 'string') throw new TypeError('no version');
  return version;
}

/** Alertmanager says what is wrong as one JSON string; requests that its parser refuses get `{code, message}`. */
function refusal(answer: OutboundAnswer, body: unknown): OncallError | null {
  if (answer.status < 400 || [401, 403, 429].includes(answer.status)) return null;
  // A path that nobody knows is answered with an object or a plain text: then the address is wrong.
  if (answer.status === 404) {
    if (typeof body !== 'string') return null;
    return new OncallError(`Alertmanager does not have it: ${body}`, {
      code: 'NOT_FOUND',
      hint: 'See what there is with `oncall silence list --all`.',
    });
  }
  const words = typeof body === 'string' ? body : (body as { message?: unknown } | null)?.message;
  if (typeof words !== 'string') return null;
  return new OncallError(`Alertmanager answers with an error (${answer.status}): ${words}`, {
    code: answer.status < 500 ? 'FAILED' : 'UNAVAILABLE',
    hint: 'Try again shortly; `oncall doctor` checks every connection.',
  });
}
