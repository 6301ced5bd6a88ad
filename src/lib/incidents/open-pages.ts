import type { Alert, Incident, Pager } from '../clients/pager/pager.ts';

/** An open incident, the alert that opened it, and who has answered its pages. */
export interface OpenPage {
  incident: Incident;
  /** Null when a person opened it, or its alert could not be read. */
  alert: Alert | null;
  acknowledgedBy: string[];
  /** Paged, and silent so far. */
  waitingFor: string[];
}

/** Every incident that is open, with its alert and its answers. */
export async function openPages(pager: Pager): Promise<OpenPage[]> {
  const incidents = await pager.incidents({ status: 'open' });
  return Promise.all(incidents.map((incident) => pageOf(pager, incident)));
}

/** The same for one incident, open or not. */
export async function pageOf(pager: Pager, incident: Incident): Promise<OpenPage> {
  const [trigger, engagements] = await Promise.all([
    incident.openedBy === 'alert' ? pager.trigger(incident.id) : null,
    pager.engagements(incident.id),
  ]);
  const pages = (await Promise.all(engagements.map(({ id }) => pager.pagesOfEngagement(id)))).flat();
  const acknowledgedBy = [...new Set(pages.filter(({ readAt }) => readAt).map(({ contact }) => contact))];
  const waitingFor = [...new Set(pages.map(({ contact }) => contact))].filter(
    (alias) => !acknowledgedBy.includes(alias),
  );
  return { incident, alert: trigger?.alert ?? null, acknowledgedBy, waitingFor };
}
