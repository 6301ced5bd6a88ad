import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Service } from '../config/config.ts';
import type { OncallError } from '../errors.ts';
import { requireIncident } from '../incidents/choose-incident.ts';
import { type IncidentFacts, readFacts } from '../incidents/facts.ts';
import { BRIEFLY, lastKnown, type Memory, PATIENCE } from '../store/fallback.ts';
import { Recollection } from './recalling.ts';

/**
 * Everything about one incident, live, or as it was known the last time.
 * @param named.ref as for `chooseIncident`; `named.current` the incident that this machine last worked on
 * @returns with it why it is not live; null when it is
 * @throws NOT_FOUND, AMBIGUOUS; what the pager said, when nothing is known of the incident from before
 */
export async function knownFacts(
  sources: { pager: Pager; prometheus: Prometheus | null; services: readonly Service[]; memory: Memory },
  named: { ref: string | null; current: string | null },
): Promise<{ facts: IncidentFacts; othersOpen: number; trouble: OncallError | null }> {
  const { memory, services } = sources;
  const recollection = new Recollection(memory, PATIENCE, { waitOn: true });
  const pager = recollection.pager(sources.pager);
  const { incident, othersOpen } = await requireIncident(pager, named.ref, named.current);
  const { id } = incident;
  // The rules only add the expression: a Prometheus that dawdles must not make an incident look old.
  const prometheus = new Recollection(memory, PATIENCE / 2).prometheus(sources.prometheus);
  const ask = () => readFacts({ pager: sources.pager, prometheus, services }, id, memory.now());
  // A pager that has just kept us waiting in vain is not waited for again.
  const patience = recollection.cachedAt === null ? PATIENCE : BRIEFLY;
  const known = await lastKnown({ memory, key: `facts ${id}`, who: 'The pager', ask, patience, waitOn: true });
  return {
    facts: { ...known.value, cachedAt: known.cachedAt },
    othersOpen,
    trouble: recollection.trouble && known.trouble ? recollection.trouble : known.trouble,
  };
}
