import type { Incident, Pager } from '../clients/pager/pager.ts';
import { isOut } from '../errors.ts';
import { requireIncident } from './choose-incident.ts';

/** An incident as far as it is known here. `incident` is null when the pager could not be asked and the last one is meant. */
export interface IncidentAtHand {
  id: string;
  title: string;
  incident: Incident | null;
}

/**
 * The incident that a command is about, for what must also work while the pager is down: then it is the one that the
 * last commands were about.
 * @throws NOT_FOUND, AMBIGUOUS; the pager's own error when no incident is known here either
 */
export async function incidentAtHand(
  pager: Pager,
  ref: string | null,
  current: { id: string; title: string } | null,
): Promise<IncidentAtHand> {
  try {
    const { incident } = await requireIncident(pager, ref, current?.id ?? null);
    return { id: incident.id, title: incident.title, incident };
  } catch (error) {
    if (!isOut(error)) throw error;
    const wanted = ref?.toLowerCase() ?? null;
    if (current && (wanted === null || (wanted.length >= 3 && current.id.startsWith(wanted))))
      return { ...current, incident: null };
    throw error;
  }
}
