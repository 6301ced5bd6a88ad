import type { Incident, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import type { Clock } from './acknowledge.ts';
import { type Delivery, onItsWay, watchDelivery } from './delivery.ts';
import type { PageService } from './page.ts';

const LONGEST_LAG = 10_000;
const POLL = 1000;

export interface Opened {
  incident: Incident;
  pages: Delivery[];
  proven: boolean;
  foundAfterDoubt: boolean;
}

/**
 * Opens the incident, once, and watches until its first pages are on their way.
 * @param request.onAccepted called with the incident as soon as it is open, so that it is on record whatever comes after
 * @throws UNAVAILABLE when it is not known whether it was opened; nothing is repeated then
 */
export async function openIncident(request: {
  pager: Pager;
  plan: PageService;
  token: string;
  clock: Clock;
  onAccepted: (incident: Incident) => Promise<void>;
  progress?: (text: string) => void;
}): Promise<Opened> {
  const { pager, plan, clock, progress } = request;
  const { id, foundAfterDoubt } = await start(request);
  const incident = await pager.incident(id);
  await request.onAccepted(incident);
  for (const giveUp = clock.now() + LONGEST_LAG; ; await clock.wait(POLL)) {
    const engagements = await pager.engagements(id);
    const ids = engagements.map((engagement) => engagement.id);
    if (ids.length > 0) {
      const pages = await watchDelivery(pager, ids, { plan: plan.ring, clock, ...(progress ? { progress } : {}) });
      return { incident, pages, proven: pages.some(onItsWay), foundAfterDoubt };
    }
    if (clock.now() >= giveUp) return { incident, pages: [], proven: false, foundAfterDoubt };
    progress?.('The incident is open; waiting for it to engage somebody …');
  }
}

async function start({ pager, plan, token, clock }: Parameters<typeof openIncident>[0]) {
  const wish = { plan: plan.plan, title: plan.title, ...(plan.impact ? { impact: plan.impact } : {}), token };
  try {
    return { id: await pager.startIncident(wish), foundAfterDoubt: false };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    for (const giveUp = clock.now() + LONGEST_LAG; ; await clock.wait(POLL)) {
      const open = await pager.incidents({ status: 'open' }).catch(() => []);
      const found = open.find(
        (one) => one.plan === plan.plan && one.title === plan.title && !plan.open.includes(one.id),
      );
      if (found) return { id: found.id, foundAfterDoubt: true };
      if (clock.now() >= giveUp) throw unknownWhether(plan, error);
    }
  }
}

function unknownWhether({ service }: PageService, cause: OncallError): OncallError {
  return new OncallError(
    `It is not known whether the incident for ${plain(service)} was opened: the pager did not answer, and shows none yet. It was asked once, and nothing was repeated.`,
    {
      code: 'UNAVAILABLE',
      hint: 'Look with `oncall incident list` before you page again, or call somebody yourself.',
      cause,
    },
  );
}
