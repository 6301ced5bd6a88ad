import type { Channel, ContactDetail, Pager } from '../clients/pager/pager.ts';
import { failed, ok, type Seen, warning } from './check.ts';

/** What wakes somebody: mail does not. */
export const RINGS: readonly Channel['kind'][] = ['sms', 'voice'];

/** A page must be able to wake: a channel that rings, activated, and named by my own engagement plan. */
export async function phones(pager: Pager, { alias, channels, stages }: ContactDetail): Promise<Seen> {
  const active = channels.filter(({ activated }) => activated);
  const idle = channels.filter(({ activated }) => !activated);
  const rings = active.filter(({ kind }) => RINGS.includes(kind));
  const first = idle.find(({ kind }) => RINGS.includes(kind)) ?? idle[0];
  const activate = first ? await pager.byHand({ kind: 'activate', channelId: first.id }) : null;
  if (channels.length === 0) {
    return failed(
      'you have no phone number and no address in the pager',
      `Add your number in the AWS console: Systems Manager, Incident Manager, Contacts, ${alias}, Add contact channel.`,
    );
  }
  if (rings.length === 0) return failed(`nothing that rings is activated; not activated: ${list(idle)}`, activate);
  const planned = new Set(
    stages.flatMap(({ targets }) => targets.flatMap((target) => (target.kind === 'channel' ? target.channelId : []))),
  );
  const [loudest] = [...rings].sort((a, b) => RINGS.indexOf(b.kind) - RINGS.indexOf(a.kind));
  if (loudest && !rings.some(({ id }) => planned.has(id))) {
    return failed(
      `your own engagement plan names none of ${list(rings)}: a page would not ring`,
      await pager.byHand({ kind: 'ring-channel', contact: alias, channelId: loudest.id }),
    );
  }
  if (idle.length > 0) return warning(`${list(active)}; not activated: ${list(idle)}`, activate);
  return ok(list(active));
}

function list(channels: readonly Pick<Channel, 'kind' | 'address'>[]): string {
  return channels.map(({ kind, address }) => `${kind} ${address}`).join(', ');
}
