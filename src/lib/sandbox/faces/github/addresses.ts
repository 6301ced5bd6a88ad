import { HTML_ROOT } from '../../world/repositories/commands.ts';
import type { Repository } from '../../world/repositories/repository.ts';

/** Where things are: `api` for programs, as the caller reaches it, and `html` for people. No final slash. */
export interface Addresses {
  api: string;
  html: string;
}

export function addressesUnder(api: string): Addresses {
  return { api, html: HTML_ROOT };
}

export function repositoryName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** Both addresses of one repository. */
export function addressesOf(repository: Repository, at: Addresses): Addresses {
  const name = repositoryName(repository);
  return { api: `${at.api}/repos/${name}`, html: `${at.html}/${name}` };
}

/** A time as GitHub writes it: to the second. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : timeText(ms);
}

function packed(value: number): Buffer {
  if (value > 0xffff_ffff) {
    const wide = Buffer.alloc(9, 0xcf);
    wide.writeBigUInt64BE(BigInt(value), 1);
    return wide;
  }
  const narrow = Buffer.alloc(5, 0xce);
  narrow.writeUInt32BE(value, 1);
  return narrow;
}

/** A GraphQL node id: a prefix for the kind, and the ids that lead to the thing, packed. To callers it is opaque. */
export function nodeId(kind: string, ...ids: readonly number[]): string {
  const bytes = Buffer.concat([Buffer.from([0x91 + ids.length, ids.length - 1]), ...ids.map(packed)]);
  return `${kind}_${bytes.toString('base64url')}`;
}
