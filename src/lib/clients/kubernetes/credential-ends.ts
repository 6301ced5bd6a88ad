import { X509Certificate } from 'node:crypto';
import type { End } from '../sign-in.ts';
import type { Access } from './access.ts';

/**
 * What of a cluster's credentials runs out: what the plugin says of its own, the client certificate, a token that is a
 * JWT. None of it is checked: the cluster does that.
 * @param facts.until what the plugin said; null where it said nothing
 * @param facts.plugin whether they come from one, which gives new ones for as long as the sign-in behind it lasts
 */
export function credentialEnds(access: Access, facts: { until: string | null; plugin: boolean }): End[] {
  const { until, plugin: renewed } = facts;
  if (until) return [{ what: 'credential of the plugin', at: new Date(until).toISOString(), renewed }];
  const certificate = certificateEnd(access.cert);
  const token = tokenEnd(bearer(access.headers));
  return [
    ...(certificate === null ? [] : [{ what: 'client certificate', at: stamp(certificate), renewed }]),
    ...(token === null ? [] : [{ what: 'token', at: stamp(token), renewed }]),
  ];
}

function certificateEnd(cert: unknown): number | null {
  if (typeof cert !== 'string' && !Buffer.isBuffer(cert)) return null;
  try {
    const at = Date.parse(new X509Certificate(cert).validTo);
    return Number.isNaN(at) ? null : at;
  } catch {
    return null;
  }
}

function bearer(headers: Access['headers']): string {
  const all = (headers ?? {}) as Record<string, unknown>;
  const value = all['Authorization'] ?? all['authorization'];
  return typeof value === 'string' ? value.replace(/^Bearer /, '') : '';
}

/** The `exp` of a JWT, in milliseconds. https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
function tokenEnd(token: string): number | null {
  const [, claims] = token.split('.');
  if (!claims) return null;
  try {
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : null;
  } catch {
    return null;
  }
}

function stamp(at: number): string {
  return new Date(at).toISOString();
}
