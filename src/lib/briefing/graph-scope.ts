import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import { chooseIncident } from '../incidents/choose-incident.ts';
import { findSubject, type Subject } from '../incidents/subject.ts';
import type { Mark } from '../metrics/show-graphs.ts';
import { type Memory, PATIENCE } from '../store/fallback.ts';
import { Recollection } from './recalling.ts';
import { part, partOf } from './sources.ts';

/** The incident that graphs are drawn for. */
export interface GraphIncident {
  id: string;
  resolvedAt: string | null;
  /** Milliseconds since 1970. */
  onset: number;
  subject: Subject;
}

/** What stands around a graph, and what to say of it. */
export interface GraphScope {
  incident: GraphIncident | null;
  cautions: string[];
}

/**
 * The incident of a graph: asked for where it is what to draw; elsewhere it only adds its onset, and only if we work on
 * one. What leads to it falls back on what was said the last time.
 * @throws NOT_FOUND, AMBIGUOUS, and what the pager said, where the incident is what to draw
 */
export async function graphIncident(
  sources: {
    pager: () => Promise<Pager>;
    prometheus: Prometheus;
    services: readonly Service[];
    memory: Memory;
  },
  named: { ref: string | null; current: { id: string } | null; needed: boolean },
): Promise<GraphScope> {
  const { services, memory } = sources;
  const { ref, current } = named;
  const needed = named.needed || ref !== null;
  if (!needed && !current) return { incident: null, cautions: [] };
  const recollection = new Recollection(memory, needed ? PATIENCE : DECORATION_PATIENCE, { waitOn: needed });
  const prometheus = recollection.prometheus(sources.prometheus);
  const find = async (): Promise<GraphIncident | null> => {
    const pager = recollection.pager(await sources.pager());
    const chosen = await chooseIncident(pager, ref, current?.id ?? null);
    if (!chosen) return null;
    const { id, resolvedAt } = chosen.incident;
    const subject = await findSubject(chosen.incident, { pager, prometheus, services });
    return { id, resolvedAt, onset: subject.onset, subject };
  };
  const asked = async () => ({ value: await find(), cachedAt: null, trouble: null });
  const found = needed ? { ...(await asked()), missing: null } : await part(ONSET, asked(), memory.now);
  const said = [found.missing ? `Without ${found.missing}` : null, recollection.notice('The incident is')];
  return { incident: found.value, cautions: said.filter((one) => one !== null) };
}

const ONSET = 'the incident’s onset';
/** For an incident that only adds a mark, in milliseconds. */
const DECORATION_PATIENCE = 1200;

/** The deploys of the service, as the cluster remembers them, and the onset: they stand under the curves. */
export async function graphMarks(
  sources: { kubernetes: () => Promise<Kubernetes>; memory: Memory },
  about: { service: Service | null; subject: Subject | null },
): Promise<{ marks: Mark[]; cautions: string[] }> {
  const { service, subject } = about;
  const mine = subject && (!service || !subject.service || subject.service.name === service.name);
  const onset: Mark[] = mine ? [{ at: new Date(subject.onset).toISOString(), kind: 'onset', text: 'onset' }] : [];
  if (!service) return { marks: onset, cautions: [] };
  const ask = async () => (await sources.kubernetes()).revisions(service.target);
  const key = `revisions of ${service.name}`;
  const found = await partOf('deploys', { memory: sources.memory, key, ask, who: 'The cluster' });
  const deploys = (found.value ?? []).map(
    ({ createdAt, revision }): Mark => ({
      at: createdAt,
      kind: 'deploy',
      text: `deploy ${revision?.slice(0, 7) ?? ''}`,
    }),
  );
  const words = found.cachedAt ? `The ${found.missing}` : `Without ${found.missing}`;
  return { marks: [...deploys, ...onset], cautions: found.missing ? [words] : [] };
}
