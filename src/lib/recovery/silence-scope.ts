import type { Alertmanager, FiringAlert, Matcher } from '../clients/alertmanager/alertmanager.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import { OncallError } from '../errors.ts';
import { chooseIncident } from '../incidents/choose-incident.ts';
import { type OpenPage, openPages, pageOf } from '../incidents/open-pages.ts';
import { matcherOfService, matchersOf, readMatchers } from '../metrics/matchers.ts';
import { planSilence, type SilencePlan } from '../metrics/silence-plan.ts';
import { matches } from '../metrics/silences.ts';
import { inTime, PATIENCE } from '../store/fallback.ts';

/** The incidents that a silence may be part of. */
interface SilenceScope {
  /** The one that was named, or that the last commands were about, or the only open one. */
  atHand: OpenPage | null;
  open: OpenPage[];
  /** What could not be asked, in words. */
  trouble: string | null;
}

/**
 * Looks which incidents are open. A silence must also work while the pager is down: unless the incident is what tells what
 * to silence, its absence is only said.
 * @throws what the pager said when `needed`; NOT_FOUND and AMBIGUOUS for a reference
 */
async function silenceScope(request: {
  pager: () => Promise<Pager>;
  ref: string | null;
  current: string | null;
  needed: boolean;
}): Promise<SilenceScope> {
  const { ref, needed } = request;
  const must = needed || ref !== null;
  try {
    return await inTime(look(request), must ? null : PATIENCE);
  } catch (error) {
    if (must || !(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { atHand: null, open: [], trouble: `Whether it hides an open page is not known: ${error.message}` };
  }
}

async function look({
  pager: connect,
  ref,
  current,
  needed,
}: Parameters<typeof silenceScope>[0]): Promise<SilenceScope> {
  const pager = await connect();
  const [choice, open] = await Promise.all([
    chooseIncident(pager, ref, current).catch((error: unknown) => {
      if (!needed && ref === null && error instanceof OncallError && error.code === 'AMBIGUOUS') return null;
      throw error;
    }),
    openPages(pager),
  ]);
  const known = open.find(({ incident }) => incident.id === choice?.incident.id);
  return { atHand: known ?? (choice ? await pageOf(pager, choice.incident) : null), open, trouble: null };
}

/** The labels of the alert that opened an incident, its name among them; null when none did. */
function alertLabels({ alert }: OpenPage): Record<string, string> | null {
  return alert && { alertname: alert.name, ...alert.labels };
}

/** Of these incidents, those whose alert the matchers hide. */
function hiddenPages(open: readonly OpenPage[], matchers: readonly Matcher[]): OpenPage[] {
  return open.filter((page) => {
    const labels = alertLabels(page);
    return labels !== null && matchers.every((one) => matches(one, labels[one.name] ?? ''));
  });
}

/** What is to be silenced, in the ways in which it can be said. */
interface SilenceWords {
  words: readonly string[];
  service: string | null;
  alert: string | null;
}

/**
 * The matchers that are meant: those that were typed, with the service and the alert that were named; else exactly the
 * alert of the incident at hand.
 * @throws USAGE when nothing tells what to silence
 */
function silenceMatchers(
  { words, service, alert }: SilenceWords,
  around: { scope: SilenceScope; firing: readonly FiringAlert[] },
): Matcher[] {
  const named = [
    ...readMatchers(words),
    ...(alert === null ? [] : [{ name: 'alertname', value: alert, isRegex: false, isEqual: true }]),
    ...(service === null ? [] : [matcherOfService(service, around.firing)]),
  ];
  if (named.length > 0) return named;
  const { atHand } = around.scope;
  const labels = atHand && alertLabels(atHand);
  if (labels) return matchersOf(labels);
  const why = atHand ? 'The incident was not opened by an alert.' : 'No incident is open that tells what to silence.';
  throw new OncallError(why, {
    code: 'USAGE',
    hint: 'Say it: `oncall silence add alertname=NAME service=NAME`; see what fires with `oncall alerts`.',
  });
}

/** What the desk offers here; the context of a run fits it. */
interface Desk {
  config(): Promise<{ connection: { alertmanager: { url: string } | null; prometheus: unknown } }>;
  pager(): Promise<Pager>;
  alertmanager(): Promise<Alertmanager>;
  prometheus(): Promise<Prometheus>;
  currentIncident(): Promise<{ id: string } | null>;
  me(): Promise<string>;
  now(): number;
}

export interface PlannedSilence {
  plan: SilencePlan;
  /** Id of the incident that it is part of; null when it is part of none. */
  incident: string | null;
  /** Open incidents whose alert it hides, and whose page nobody has acknowledged. */
  unanswered: { title: string; waitingFor: string[] }[];
  /** What could not be asked, in words. */
  trouble: string | null;
}

/** Finds out what is meant, and what silencing it would do. `shortMs` is how long the first silence lasts. */
export async function planFor(
  desk: Desk,
  asked: { said: SilenceWords; ref: string | null; createdBy: string; comment: string; forMs: number; shortMs: number },
): Promise<PlannedSilence> {
  const { said, ref, createdBy, comment, forMs, shortMs } = asked;
  const [{ connection }, alertmanager, current] = await Promise.all([
    desk.config(),
    desk.alertmanager(),
    desk.currentIncident(),
  ]);
  const needed = said.words.length === 0 && said.service === null && said.alert === null;
  const [scope, rules, firing] = await Promise.all([
    silenceScope({ pager: () => desk.pager(), ref, current: current?.id ?? null, needed }),
    connection.prometheus
      ? inTime(
          desk.prometheus().then((it) => it.alertRules()),
          PATIENCE,
        ).catch(untold)
      : null,
    said.service === null ? [] : alertmanager.alerts(),
  ]);
  const matchers = silenceMatchers(said, { scope, firing });
  const now = desk.now();
  const span = {
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + Math.min(shortMs, forMs)).toISOString(),
  };
  const plan = await planSilence({
    ...{ alertmanager, rules, service: said.service, url: connection.alertmanager?.url ?? '' },
    draft: { id: null, matchers, ...span, createdBy, comment },
  });
  const hidden = hiddenPages(scope.open, matchers);
  return {
    plan,
    incident: (ref !== null ? scope.atHand : (hidden[0] ?? scope.atHand))?.incident.id ?? null,
    unanswered: hidden
      .filter(({ acknowledgedBy }) => acknowledgedBy.length === 0)
      .map(({ incident, waitingFor }) => ({ title: incident.title, waitingFor })),
    trouble: scope.trouble,
  };
}

/** Whose silence it will be: my alias, or, where that cannot be found out, my name on this machine. @throws CONFIG */
export async function silenceAuthor(desk: Pick<Desk, 'me'>, login: string | null): Promise<string> {
  try {
    return await inTime(desk.me(), PATIENCE);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED' || !login) throw error;
    return login;
  }
}

function untold(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}
