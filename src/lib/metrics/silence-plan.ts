import type {
  Alertmanager,
  FiringAlert,
  Matcher,
  Silence,
  SilenceDraft,
} from '../clients/alertmanager/alertmanager.ts';
import type { AlertRule } from '../clients/prometheus/prometheus.ts';
import { OncallError } from '../errors.ts';
import { amtoolLine } from './amtool-line.ts';
import { refuseSweeping, SERVICE_LABELS, sameMatchers, serviceOf } from './matchers.ts';
import { matches } from './silences.ts';

/** Longer silences outlive the shift of whoever set them, and then hide what nobody remembers. */
export const LONGEST_MS = 12 * 3_600_000;

/** An alert that a silence hides. Times are ISO 8601 UTC. */
export interface HiddenAlert {
  name: string;
  service: string | null;
  severity: string | null;
  summary: string | null;
  since: string;
  fingerprint: string;
  /** It is silenced already, by another silence. */
  already: boolean;
}

export interface SilencePlan {
  draft: SilenceDraft;
  /** What fires now and would be hidden. */
  hides: HiddenAlert[];
  /** Services that it hides alerts of, other than the one that it is about. */
  otherServices: string[];
  /** Services whose alerts it would hide as well if they fired, by Prometheus's rules. */
  wouldHide: string[];
  /** Silences in force with the very same matchers. */
  twins: { id: string; createdBy: string; endsAt: string; comment: string }[];
  /** The line that does the same with Alertmanager's own tool. */
  amtool: string;
  calls: { method: 'POST' | 'DELETE'; path: string; body: Record<string, unknown> | null }[];
}

/** @throws REFUSED for more than twelve hours */
export function refuseTooLong(ms: number): void {
  if (ms <= LONGEST_MS) return;
  throw new OncallError(
    'A silence lasts 12 h at most: a longer one outlives your shift, and hides the next outage from people who do not know of it.',
    { code: 'REFUSED', hint: 'Take at most `-d 12h`. For what has to be quiet for longer, change the alert’s rule.' },
  );
}

/**
 * What a silence would do. Alertmanager itself is asked what the matchers fit, so that its patterns decide and not ours.
 * @param request.service the service that it is about, where that is known
 * @throws REFUSED for matchers that fit everything; USAGE, in Alertmanager's words, for a pattern that is none
 */
export async function planSilence(request: {
  alertmanager: Alertmanager;
  url: string;
  draft: SilenceDraft;
  service: string | null;
  /** Null when Prometheus did not tell. */
  rules: readonly AlertRule[] | null;
}): Promise<SilencePlan> {
  const { alertmanager, url, draft, rules } = request;
  const { matchers, createdBy, comment } = draft;
  const forMs = Date.parse(draft.endsAt) - Date.parse(draft.startsAt);
  refuseSweeping(matchers);
  const [fitting, silences] = await Promise.all([
    alertmanager.alerts(matchers).catch(badPattern),
    alertmanager.silences(),
  ]);
  const hides = fitting.map(hiddenAlert);
  const service = request.service ?? namedService(matchers);
  const others = (names: (string | null)[]) =>
    [...new Set(names.filter((name) => name !== null))].filter((name) => name !== service).sort();
  const firing = others(hides.map((alert) => alert.service));
  const otherServices = service === null && firing.length < 2 ? [] : firing;
  const ruled = others((rules ?? []).filter((rule) => fits(rule, matchers)).map(({ labels }) => serviceOf(labels)));
  const wouldHide = ruled.filter((name) => !firing.includes(name));
  return {
    draft,
    hides,
    otherServices,
    wouldHide: service === null && ruled.length < 2 ? [] : wouldHide,
    twins: silences.filter((one) => one.state === 'active' && sameMatchers(one.matchers, matchers)).map(twin),
    amtool: amtoolLine({ url, matchers, createdBy, comment, forMs }),
    calls: [{ method: 'POST', path: '/api/v2/silences', body: callBody(draft) }],
  };
}

/** Where a silence shall last until its alert is over, there has to be one. @throws USAGE */
export function refuseNothingToWaitFor({ hides }: SilencePlan): void {
  if (hides.length > 0) return;
  throw new OncallError('Nothing that it would hide fires now, so there is no end to wait for.', {
    code: 'USAGE',
    hint: 'Give a time instead of --until-resolved, e.g. `-d 1h`; see what fires with `oncall alerts --silenced`.',
  });
}

function callBody({ id, ...draft }: SilenceDraft): Record<string, unknown> {
  return { ...(id === null ? {} : { id }), ...draft };
}

function badPattern(error: unknown): never {
  if (!(error instanceof OncallError) || error.code !== 'FAILED') throw error;
  throw new OncallError(error.message, { code: 'USAGE', hint: 'Correct the pattern: it is one of Go’s (RE2).' });
}

/** How an alert is told of in a plan. */
export function hiddenAlert({ labels, annotations, startsAt, fingerprint, silencedBy }: FiringAlert): HiddenAlert {
  return {
    name: labels['alertname'] ?? '',
    service: serviceOf(labels),
    severity: labels['severity'] ?? null,
    summary: annotations['summary'] ?? null,
    since: startsAt,
    fingerprint,
    already: silencedBy.length > 0,
  };
}

function namedService(matchers: readonly Matcher[]): string | null {
  const exact = matchers.filter(({ isEqual, isRegex }) => isEqual && !isRegex);
  return SERVICE_LABELS.map((label) => exact.find(({ name }) => name === label)?.value).find(Boolean) ?? null;
}

function twin({ id, createdBy, endsAt, comment }: Silence): SilencePlan['twins'][number] {
  return { id, createdBy, endsAt, comment };
}

/** By the labels that a rule always gives; one that is filled in at each firing cannot be foretold, and is taken to fit. */
function fits({ name, labels }: AlertRule, matchers: readonly Matcher[]): boolean {
  const known: Record<string, string> = { alertname: name, ...labels };
  return matchers.every((one) => {
    const value = known[one.name];
    return value !== undefined && (value.includes('{{') || matches(one, value));
  });
}
