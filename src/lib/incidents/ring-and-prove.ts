import type { Delivery } from './delivery.ts';
import { onItsWay, watchDelivery } from './delivery.ts';
import { type Engaged, type RingRequest, ring, type Stopped } from './engage.ts';

/** What became of a ring. */
export interface RingResult {
  engaged: Engaged[];
  stopped: Stopped[];
  pages: Delivery[];
  /** Whether a page was seen to be on its way to every target. */
  proven: boolean;
}

/**
 * Rings, and watches until the pages are on their way.
 * @param request.onAccepted called as soon as the pager has taken it, so that this is on record whatever comes after
 * @throws UNAVAILABLE when it is not known whether anybody is rung
 */
export async function ringAndProve(
  request: RingRequest & { onAccepted: () => Promise<void>; progress?: (text: string) => void },
): Promise<RingResult> {
  const { pager, plan, clock, progress } = request;
  const { engaged, stopped } = await ring(request);
  await request.onAccepted();
  const ids = engaged.map(({ engagement }) => engagement);
  const pages = await watchDelivery(pager, ids, { plan, clock, ...(progress ? { progress } : {}) });
  return { engaged, stopped, pages, proven: pages.some(onItsWay) };
}
