import type { Alertmanager, Silence } from '../clients/alertmanager/alertmanager.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Incident, Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { readHold } from '../deploys/hold.ts';
import { OncallError } from '../errors.ts';
import { findSubject, type Subject } from '../incidents/subject.ts';
import { matches } from '../metrics/silences.ts';
import { inTime, PATIENCE } from '../store/fallback.ts';

/** What the checks ask. What is not configured is null. */
export interface CheckSources {
  pager: Pager;
  prometheus: Prometheus | null;
  kubernetes: Kubernetes | null;
  github: GitHub | null;
  alertmanager: Alertmanager | null;
  services: readonly Service[];
}

/** One thing that was looked at before the incident is closed. */
export interface ResolveCheck {
  what: 'alert' | 'instances' | 'deploy hold' | 'silences';
  /** `open`: something is left to do, but nothing is wrong. `unknown`: it could not be looked at. */
  state: 'good' | 'bad' | 'open' | 'unknown';
  text: string;
  /** A command that helps, where there is one. */
  command: string | null;
}

export interface ResolveChecks {
  service: string | null;
  /** Whether the alert's own expression holds right now; null when that is not known. */
  alertHolds: boolean | null;
  /** Why it does not look over, in words; null when it does. Where the alert cannot be asked, the instances decide. */
  notOver: string | null;
  checks: ResolveCheck[];
}

/** Looks, all at once, whether the trouble is over. A source that is down costs only its own check. */
export async function checkBeforeResolve(sources: CheckSources, incident: Incident): Promise<ResolveChecks> {
  const { pager, prometheus, services } = sources;
  const subject = await findSubject(incident, { pager, prometheus, services });
  const checks = await Promise.all([
    checked('alert', () => alertCheck(sources, subject)),
    checked('instances', () => instancesCheck(sources, subject)),
    checked('deploy hold', () => holdCheck(sources, subject)),
    checked('silences', () => silencesCheck(sources, subject)),
  ]);
  const [alert, instances] = checks;
  const dead = alert?.state !== 'good' && instances?.state === 'bad';
  return {
    service: subject.service?.name ?? null,
    alertHolds: alert?.state === 'bad' ? true : alert?.state === 'good' ? false : null,
    notOver:
      alert?.state === 'bad'
        ? 'the alert still holds'
        : dead
          ? `${instances.text}, and the alert is not known to be quiet`
          : null,
    checks: checks.filter((check) => check !== null),
  };
}

type Found = Omit<ResolveCheck, 'what'>;

async function checked(what: ResolveCheck['what'], look: () => Promise<Found | null>): Promise<ResolveCheck | null> {
  try {
    const found = await inTime(look(), PATIENCE);
    return found && { what, ...found };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    return { what, state: 'unknown', text: `could not be checked: ${error.message}`, command: null };
  }
}

async function alertCheck({ prometheus }: CheckSources, { expression }: Subject): Promise<Found | null> {
  if (!prometheus || !expression) {
    const why = prometheus ? 'no alert is known for this incident' : 'no Prometheus is configured';
    return { state: 'unknown', text: `not known: ${why}`, command: null };
  }
  const { series } = await prometheus.query(expression.expr);
  if (series.length === 0) return { state: 'good', text: `${expression.rule} is quiet now`, command: null };
  return { state: 'bad', text: `${expression.rule} STILL HOLDS: ${expression.expr}`, command: 'oncall graph' };
}

async function instancesCheck({ kubernetes }: CheckSources, { service }: Subject): Promise<Found | null> {
  if (!kubernetes || !service) return null;
  const { desired, ready } = await kubernetes.workload(service.target);
  const text = `${ready} of ${desired} instances of ${service.name} are ready`;
  return ready >= desired
    ? { state: 'good', text, command: null }
    : { state: 'bad', text, command: `oncall logs ${service.name}` };
}

async function holdCheck({ github }: CheckSources, { service }: Subject): Promise<Found | null> {
  if (!github || !service?.repository) return null;
  const hold = await readHold(github, service.repository);
  if (!hold) return { state: 'good', text: `deploys of ${service.name} are not held`, command: null };
  const who = hold.by ? ` by ${hold.by}` : '';
  return {
    state: 'open',
    text: `deploys of ${service.name} are still held${who}${hold.reason ? `: ${hold.reason}` : ''}`,
    command: `oncall release ${service.name}`,
  };
}

async function silencesCheck({ alertmanager }: CheckSources, { alert }: Subject): Promise<Found | null> {
  if (!alertmanager || !alert) return null;
  const labels: Record<string, string> = { alertname: alert.name, ...alert.labels };
  const hides = ({ state, matchers }: Silence) =>
    state === 'active' && matchers.every((matcher) => matches(matcher, labels[matcher.name] ?? ''));
  const active = (await alertmanager.silences()).filter(hides);
  const [first] = active;
  if (!first) return { state: 'good', text: `no silence hides ${alert.name}`, command: null };
  return {
    state: 'open',
    text: `${alert.name} is silenced by ${first.createdBy} until ${first.endsAt.slice(0, 16)}Z: until then it pages nobody`,
    command: null,
  };
}

/** The refusal to close what is not over, where nobody can be asked twice. */
export function notOverYet(why: string): OncallError {
  return new OncallError(`Not resolved: ${why}. Nothing was changed.`, {
    code: 'REFUSED',
    hint: 'Look at it with `oncall graph`. To close the incident all the same, add --anyway; the alert may then open a new one, or page nobody until it has been quiet once.',
  });
}
