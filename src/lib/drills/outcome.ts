import type { Sandbox } from '../sandbox/sandbox.ts';

/** One thing that has to be true at the end of a drill, judged by the world's state and not by what was typed. */
export interface Check {
  title: string;
  passed: boolean;
  detail: string;
}

/** The service that the scenario breaks. */
const SERVICE = 'dolthubapi';

/** Whether the practice world has been healed, and whether its incident was handled. */
export function judge({ world, address }: Sandbox): Check[] {
  const now = world.clock.now();
  const living = world.cluster.podLives(SERVICE).filter(({ until }) => until === null || until > now);
  const up = living.filter(({ states }) => states.at(-1)?.up === true).length;
  const firing = world.alerting.firing().filter(({ labels }) => labels.service === SERVICE);
  const { engagements, incidents } = world.incidentManager;
  // The past that every practice world is born with has incidents too; this drill's began with it.
  const born = Date.parse(address.startedAt) - world.scenario.begunAgo;
  const ours = incidents.list().filter(({ createdAt }) => createdAt >= born);
  const pages = ours
    .flatMap(({ arn }) => engagements.list({ incident: arn }))
    .flatMap((engagement) => engagements.pages.ofEngagement(engagement));
  const open = ours.filter(({ status }) => status === 'OPEN').length;
  return [
    {
      title: `${SERVICE} is up`,
      passed: living.length > 0 && up === living.length,
      detail: `${up} of ${living.length} instances answer`,
    },
    {
      title: 'its alert is quiet',
      passed: firing.length === 0,
      detail: firing.map(({ labels }) => labels.alertname).join(', ') || 'nothing fires',
    },
    {
      title: 'the page was acknowledged',
      passed: pages.some(({ readAt }) => readAt !== null),
      detail: pages.length === 1 ? '1 page was sent' : `${pages.length} pages were sent`,
    },
    {
      title: 'the incident is resolved',
      passed: ours.length > 0 && open === 0,
      detail: ours.length === 0 ? 'none was opened' : open === 0 ? 'none is open' : `${open} open`,
    },
  ];
}
