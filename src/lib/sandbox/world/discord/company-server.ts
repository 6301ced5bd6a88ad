/** The company's Discord server: fixed ids, so that a test and a user's notes stay true from one world to the next. */
export const GUILD = '1100000000000000001';

export interface ChannelSpec {
  id: string;
  name: string;
  webhook: { id: string; name: string; token: string };
  /** Threads of the channel that a webhook may post into. */
  threads: readonly string[];
}

/** As long as real tokens, and worthless. */
function tokenOf(audience: string): string {
  return `sandbox-${audience}-`.padEnd(68, '0');
}

export const CHANNELS: Readonly<Record<'responders' | 'customers', ChannelSpec>> = {
  responders: {
    id: '1100000000000000101',
    name: 'incidents',
    webhook: { id: '1100000000000000201', name: 'oncall', token: tokenOf('responders') },
    threads: ['1100000000000000111'],
  },
  customers: {
    id: '1100000000000000102',
    name: 'status',
    webhook: { id: '1100000000000000202', name: 'DoltHub status', token: tokenOf('customers') },
    threads: [],
  },
};

/** Everybody in the server, by user id. */
export const MEMBERS: readonly string[] = ['1100000000000000301', '1100000000000000302', '1100000000000000303'];

/** Roles and who has them. */
export const ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['1100000000000000401', ['1100000000000000301', '1100000000000000302']],
]);
/** The role of those who are on call. */
export const ONCALL_ROLE = '1100000000000000401';

/** Where a webhook of the practice world is reached. @param origin the sandbox's own, without a path */
export function webhookUrl(origin: string, audience: keyof typeof CHANNELS): string {
  const { id, token } = CHANNELS[audience].webhook;
  return `${origin}/discord/api/webhooks/${id}/${token}`;
}
