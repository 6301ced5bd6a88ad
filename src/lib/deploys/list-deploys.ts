import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { Memory } from '../store/fallback.ts';
import type { Deploy, Disturbance } from './deploy.ts';
import { type DeployHistory, readHistory } from './history.ts';
import { effectiveAt } from './suspects.ts';

export interface DeploysRequest {
  services: readonly Service[];
  github: GitHub | null;
  kubernetes: Kubernetes | null;
  /** How far back, in milliseconds. */
  since: number;
  /** Most deploys to show; the current one, the suspects and the last good one are shown in any case. */
  limit: number;
  /** When the trouble began, in milliseconds since 1970; null when there is none. */
  onset: number | null;
  disturbances: readonly Disturbance[] | null;
  now: number;
  /** What the sources said the last time. */
  memory: Memory;
  /** Milliseconds that each source is waited for before that is taken. */
  patience: number;
}

export interface DeploysResult {
  /** One service, or all of them. */
  services: Omit<DeployHistory, 'deploys' | 'cautions'>[];
  since: string;
  onset: string | null;
  /** Newest first. */
  deploys: Deploy[];
  /** Known deploys that are not shown. */
  more: number;
}

/**
 * What went out lately, of one service or of several merged by time. Of several, one that cannot be read is passed over.
 * @returns the list, what could not be asked, in words, and the reason if nothing of it is live
 */
export async function listDeploys(
  request: DeploysRequest,
): Promise<{ result: DeploysResult; cautions: string[]; trouble: OncallError | null }> {
  const { services, since, limit, onset, now } = request;
  const alone = services.length === 1;
  const cautions: string[] = [];
  const histories = await Promise.all(
    services.map((service) =>
      readHistory({ ...request, service, limit: Math.max(limit, 10) }).catch((error: unknown) => {
        if (alone || !(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
        cautions.push(`${service.name} is missing: ${error.message}`);
        return null;
      }),
    ),
  );
  const read = histories.filter((history) => history !== null);
  const all = read.flatMap(({ deploys }) => deploys).sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const deploys = select(all, { from: now - since, limit, keep: alone });
  cautions.push(
    ...read.flatMap(({ service, cautions: own }) => own.map((text) => (alone ? text : `${service}: ${text}`))),
  );
  const result = {
    services: read.map(({ deploys: _, cautions: __, ...rest }) => rest),
    since: new Date(now - since).toISOString(),
    onset: onset === null ? null : new Date(onset).toISOString(),
    deploys,
    more: all.length - deploys.length,
  };
  return { result, cautions, trouble: read.length > 0 && read.every(isAllOld) ? allOld() : null };
}

function isAllOld({ cachedAt, now }: Pick<DeployHistory, 'cachedAt' | 'now'>): boolean {
  return cachedAt !== null && (now === null || now.from === 'history' || now.cachedAt !== null);
}

function allOld(): OncallError {
  return new OncallError('Neither GitHub nor the cluster could be asked: all of this is from cache.', {
    code: 'UNAVAILABLE',
    hint: 'Check the connections with `oncall doctor`, then ask again.',
  });
}

/**
 * The deploys to show: the newest of the span; with `keep`, also what matters beyond it. The last good one is hardly ever
 * in the last day, and is what everybody looks for.
 * @param deploys newest first
 */
export function select(
  deploys: readonly Deploy[],
  { from, limit, keep }: { from: number; limit: number; keep: boolean },
): Deploy[] {
  const inSpan = new Set(deploys.filter((deploy) => effectiveAt(deploy) >= from).slice(0, limit));
  return deploys.filter(
    (deploy) => inSpan.has(deploy) || (keep && (deploy.current || deploy.lastGood || deploy.suspect !== null)),
  );
}
