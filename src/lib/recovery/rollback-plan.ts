import type { Kubernetes, PreparedChange, Revision } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import type { ApiCall } from '../deploys/api-call.ts';
import { isCommit, sameCommit, shortSha } from '../deploys/deploy.ts';
import { type DeployHistory, type RunningNow, readHistory } from '../deploys/history.ts';
import type { Hold } from '../deploys/hold.ts';
import { OncallError } from '../errors.ts';
import { shortId } from '../incidents/choose-incident.ts';
import { plain } from '../text/plain.ts';
import { formatDuration } from '../text/time.ts';
import type { Scope } from './revert-scope.ts';

const LOOKED_BACK = 20;
const LONGEST_REASON = 200;
const OLD_MS = 14 * 86_400_000;

export interface RollbackRequest {
  scope: Scope & { service: Service };
  kubernetes: Kubernetes;
  /** Beginning of a commit, or the number of a revision; null for the last good one. */
  to: string | null;
  reason: string | null;
  /** How long to hold deploys afterwards, in milliseconds; null for no hold. */
  holdFor: number | null;
  by: string;
  now: number;
}

/** What going back in the cluster itself would do. Times are ISO 8601 UTC; absent is null. */
export interface RollbackPlan {
  service: string;
  repository: string | null;
  from: RunningNow | null;
  /** The revision to put back; null when there is nothing to do. */
  to: Revision | null;
  /** The commit of that revision, or its image where that names none. */
  goal: string | null;
  nothing: string | null;
  warnings: { kind: 'drift' | 'next deploy' | 'weak history' | 'old' | 'no proof'; text: string }[];
  onset: string | null;
  reason: string;
  /** The hold to set if GitHub answers. */
  hold: Hold | null;
  /** The next revision to go back to, should this one not help. */
  further: string | null;
  prepared: PreparedChange | null;
  cautions: string[];
}

/**
 * Looks at what the cluster keeps of a service, and changes nothing. GitHub is not asked: this is for when it is away.
 * @throws REFUSED, AMBIGUOUS, NOT_FOUND for the revision; what the cluster says
 */
export async function planRollback(request: RollbackRequest): Promise<RollbackPlan> {
  const { scope, kubernetes, by, now } = request;
  const { service } = scope;
  const { target } = service;
  const [history, kept, workload] = await Promise.all([
    readHistory({ ...scope, github: null, kubernetes, limit: LOOKED_BACK, now, patience: null }),
    kubernetes.revisions(target),
    kubernetes.workload(target),
  ]);
  const reason = reasonOf(request);
  const others = kept.filter(({ image, number }) => image !== workload.image && number > 0);
  const chosen = choose({ service: service.name, history, others }, request.to);
  const to = chosen?.revision ?? null;
  const mark = { by, at: new Date(now).toISOString(), reason };
  const wanted = to && { revision: to.number, from: workload.image, mark };
  return {
    service: service.name,
    repository: service.repository,
    from: history.now,
    to,
    goal: to && (to.revision ?? to.image),
    nothing: chosen === null ? `${service.name} already runs the last good version that the cluster knows.` : null,
    warnings: to ? warnings(to, { scope, now, from: history.now }) : [],
    onset: scope.onset === null ? null : new Date(scope.onset).toISOString(),
    reason,
    hold: to && newHold(request, reason),
    further: to && nextBack(others, to),
    prepared: wanted && (await kubernetes.prepareRollBack(target, wanted)),
    cautions: [...scope.cautions, ...history.cautions],
  };
}

/** The very call that carrying out the plan makes, for `--dry-run`. */
export function rollbackCalls({ prepared }: RollbackPlan): ApiCall[] {
  return prepared ? [{ method: 'PATCH', path: prepared.path, body: prepared.patch }] : [];
}

interface Known {
  service: string;
  history: DeployHistory;
  /** Revisions with another image than the present one, newest first. */
  others: readonly Revision[];
}

/** @returns null when what runs is itself the last good version */
function choose({ service, history, others }: Known, to: string | null): { revision: Revision } | null {
  if (to !== null) {
    const wanted = to.trim().toLowerCase();
    const fits = others.filter(({ revision, number }) => String(number) === wanted || begins(revision, wanted));
    const [only, second] = fits;
    if (only && !second) return { revision: only };
    throw new OncallError(
      only
        ? `"${plain(to)}" fits several revisions.`
        : `The cluster keeps no other revision ${plain(to)} of ${service}.`,
      { code: only ? 'AMBIGUOUS' : 'REFUSED', hint: choices(others) },
    );
  }
  if (history.alreadyLastGood) return null;
  const good = history.deploys.find(({ lastGood }) => lastGood);
  const revision = others.find((one) => sameCommit(one.revision ?? one.image, good?.sha ?? null)) ?? others[0];
  if (revision) return { revision };
  throw new OncallError(`The cluster keeps no earlier revision of ${service}, so there is nothing to put back.`, {
    code: 'NOT_FOUND',
    hint: 'Wait for GitHub, or put an image that you know back by hand: `kubectl set image …`',
  });
}

function begins(revision: string | null, wanted: string): boolean {
  return wanted.length >= 4 && revision !== null && (revision.startsWith(wanted) || sameCommit(revision, wanted));
}

function choices(others: readonly Revision[]): string {
  const lines = others.map(({ number, revision, image, createdAt }) => {
    return `  --to ${revision && isCommit(revision) ? shortSha(revision) : number}  revision ${number}, first out ${createdAt.slice(0, 16)}Z  ${plain(image)}`;
  });
  return lines.length > 0
    ? `Choose one that has run before:\n${lines.join('\n')}`
    : 'Wait for GitHub, then use `oncall revert`.';
}

function warnings(
  to: Revision,
  { scope, now, from }: { scope: Scope; now: number; from: RunningNow | null },
): RollbackPlan['warnings'] {
  const bad = from ? shortSha(plain(from.sha)) : 'what runs now';
  const age = now - Date.parse(to.createdAt);
  const found: RollbackPlan['warnings'] = [
    {
      kind: 'drift',
      text: "GitHub's record will not know of it: the cluster and the last deployment will say different things.",
    },
    {
      kind: 'next deploy',
      text: `The next deploy puts ${bad} back, and no hold can stop it while GitHub is away. Tell the others.`,
    },
    {
      kind: 'weak history',
      text: 'The cluster only knows that this revision ran before, not whether it worked, nor which migrations came since.',
    },
  ];
  if (age > OLD_MS) found.push({ kind: 'old', text: `That revision first went out ${formatDuration(age)} ago.` });
  if (!scope.alert) {
    found.push({ kind: 'no proof', text: 'No alert expression is known, so recovery can only be judged by the pods.' });
  }
  return found;
}

function reasonOf({ reason, scope: { incident }, by }: RollbackRequest): string {
  const usual = incident ? `${incident.title} (${shortId(incident.id)})` : `Put back by ${by}`;
  return plain(reason ?? usual).slice(0, LONGEST_REASON);
}

function newHold({ holdFor, scope, by, now }: RollbackRequest, reason: string): Hold | null {
  if (holdFor === null || !scope.service.repository) return null;
  const [since, until] = [now, now + holdFor].map((at) => new Date(at).toISOString()) as [string, string];
  return { service: scope.service.name, reason, by, since, until };
}

function nextBack(others: readonly Revision[], to: Revision): string | null {
  const next = others.find(({ number, image }) => number < to.number && image !== to.image);
  return next ? shortSha(next.revision ?? String(next.number)) : null;
}
