import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes, Workload } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import { isOut, type OncallError } from '../errors.ts';
import { BRIEFLY, inTime, type Known, type Memory } from '../store/fallback.ts';
import { asOf } from '../text/age.ts';
import { type Asking, askingFor } from './asking.ts';
import { findCommits, nameCommits } from './commit-facts.ts';
import { type Deploy, type DeployRecord, type Disturbance, isCommit, type NamedDeploy, sameCommit } from './deploy.ts';
import { type Drift, findDrift } from './drift.ts';
import { fromGithub, type History, type HistorySource, passable } from './github-history.ts';
import { mark } from './mark.ts';
import { fromRevisions, newestFirst } from './records.ts';

/** What a service runs, and what went out before. */
export interface DeployHistory {
  service: string;
  repository: string | null;
  /** Which of the three told it. */
  source: HistorySource;
  /** When it told this, ISO 8601 UTC, if it comes out of the cache; null when it is live. */
  cachedAt: string | null;
  /** What runs now; null when neither the cluster nor the history tells. */
  now: RunningNow | null;
  /** Newest first. */
  deploys: Deploy[];
  /** The current commit is one that has run quietly before. */
  alreadyLastGood: boolean;
  /** Where the cluster and GitHub's record have gone apart; null where they agree, or one of them is not known. */
  drift: Drift | null;
  /** What could not be asked, in words for the reader. */
  cautions: string[];
}

export interface RunningNow {
  sha: string;
  /** `history`: the cluster could not be asked, and the newest success is taken for it. */
  from: 'cluster' | 'history';
  /** When it ran this, ISO 8601 UTC, if it is the cluster's last known answer; null when it is live. */
  cachedAt: string | null;
  image: string | null;
  ready: number | null;
  desired: number | null;
}

/** What went out, as one source told it, or told it the last time. */
type Told = History & { cachedAt: string | null };

export interface HistoryRequest {
  service: Service;
  github: GitHub | null;
  kubernetes: Kubernetes | null;
  /** How many deploys to ask for at first; more are read when no good one is among them. */
  limit: number;
  /** Incidents of this service; null when they are not known. */
  disturbances: readonly Disturbance[] | null;
  /** When the trouble began, in milliseconds since 1970; null when there is none. */
  onset: number | null;
  now: number;
  /** Longest wait for each source in milliseconds; null waits as long as the clients do. */
  patience: number | null;
  /** Where to fall back on what was said the last time. Absent for whoever acts on the answer: that has to be live. */
  memory?: Memory;
}

/** How many times more is read when the first look shows no good deploy. */
const DEEPER = 5;

/**
 * Reads what runs now (from the cluster) and what went out before (from GitHub's deployments, else the runs of the deploy
 * and revert workflows, else the cluster's replica sets), and marks the current one, the suspects and the last good one.
 * With a memory, GitHub's history falls back on the last known one, and what the cluster has rolled out since is added.
 * @throws what the sources said, when none of them can tell anything
 */
export async function readHistory(request: HistoryRequest): Promise<DeployHistory> {
  const cautions: string[] = [];
  const { service, kubernetes } = request;
  const asking = askingFor(request, cautions);
  const workload = kubernetes
    ? asking.pass(
        'The cluster does not say what runs now',
        asking.recall('workload', kubernetes.workload(service.target)),
      )
    : Promise.resolve(null);
  // Whoever awaits it below gets its failure; without this, one that comes after another failure would end the process.
  workload.catch(() => {});
  const told = await tell(request, { asking, workload });
  // A history that is live knows better than the cluster's old answer.
  const running = await workload.then((known) => (known?.cachedAt && !told.cachedAt ? null : known));
  let history = await assemble(request, { told, running, cautions });
  const isCut = told.source === 'deployments' && !told.cachedAt && told.deploys.length >= request.limit;
  if (isCut && !history.alreadyLastGood && !history.deploys.some(({ lastGood }) => lastGood)) {
    const more = await lookDeeper(request, asking);
    if (more) history = await assemble(request, { told: more, running, cautions });
  }
  if (!service.repository) cautions.push(`oncall.yaml names no \`repository\` for ${service.name}.`);
  return history;
}

/** Whether a history tells all that went out until `at`: a kept one does up to its age, or with a cluster that tells the rest. */
export function reaches({ cachedAt, now }: Pick<DeployHistory, 'cachedAt' | 'now'>, at: number): boolean {
  return cachedAt === null || Date.parse(cachedAt) >= at || (now?.from === 'cluster' && now.cachedAt === null);
}

/** Asks GitHub, else the cluster, for what went out. */
async function tell(
  request: HistoryRequest,
  { asking, workload }: { asking: Asking; workload: Promise<Known<Workload> | null> },
): Promise<Told> {
  const { service, kubernetes } = request;
  let refused: OncallError | null = null;
  const github = await asking
    .recall('history', fromGithub(request, { limit: request.limit, asking }))
    .catch((error: unknown) => {
      const said = passable(error);
      asking.note(`GitHub did not tell its deployments: ${said.message}`);
      refused = said;
      return null;
    });
  if (github?.value && !github.cachedAt) return { ...github.value, cachedAt: null };
  if (github?.cachedAt)
    asking.note(`GitHub's history is ${asOf(github.cachedAt, request.now)}: ${github.trouble?.message}`);
  const cluster = await workload;
  if (cluster?.trouble)
    asking.note(`What the cluster runs is ${asOf(cluster.cachedAt ?? '', request.now)}: ${cluster.trouble.message}`);
  // A cluster that has just kept us waiting in vain is not waited for again.
  const asked = cluster?.trouble ? null : kubernetes;
  const patience = cluster ? request.patience : request.patience && BRIEFLY;
  const revisions = asked
    ? await asking.pass(
        'The cluster did not tell its revisions',
        inTime(asked.revisions(service.target), patience, 'The cluster'),
      )
    : null;
  const rolled = newestFirst(fromRevisions(revisions ?? [], cluster?.cachedAt ? null : (cluster?.value ?? null)));
  if (github?.value && github.cachedAt) return withNewer(github.value, { rolled, cachedAt: github.cachedAt, service });
  if (revisions === null && refused) throw refused;
  const { deploys } = await nameCommits(rolled, {
    service: service.name,
    repository: service.repository,
    github: isOut(refused) ? null : request.github,
  });
  return { source: 'replica sets', deploys, cachedAt: null };
}

/** What the cluster has rolled out since the history was kept, before that history. */
function withNewer(
  { source, deploys }: History,
  { rolled, cachedAt, service }: { rolled: readonly DeployRecord[]; cachedAt: string; service: Service },
): Told {
  const since = rolled.filter(
    ({ sha, startedAt }) => startedAt > cachedAt && !deploys.some((known) => sameCommit(known.sha, sha)),
  );
  const newer = since.map(({ by, ...record }) => ({
    ...record,
    service: service.name,
    title: null,
    pull: null,
    author: by,
  }));
  return { source, deploys: [...newer, ...deploys], cachedAt };
}

/** More of GitHub's history; null when it does not come. It takes the place of the shorter one in the memory. */
async function lookDeeper(request: HistoryRequest, asking: Asking): Promise<Told | null> {
  const asked = fromGithub(request, { limit: request.limit * DEEPER, asking });
  const more = await asking.pass('GitHub did not tell older deploys', inTime(asked, request.patience, 'GitHub'));
  if (more) await request.memory?.cache.put(asking.key('history'), more, request.memory.now());
  return more && { ...more, cachedAt: null };
}

async function assemble(
  request: HistoryRequest,
  found: { told: Told; running: Known<Workload> | null; cautions: string[] },
): Promise<DeployHistory> {
  const { service, github } = request;
  const { repository } = service;
  const { told, running, cautions } = found;
  const now = await whatRuns(running, told.deploys, { repository, github: told.cachedAt ? null : github });
  const marked = mark(told.deploys, { ...request, runs: now?.sha ?? null });
  return {
    service: service.name,
    repository,
    source: told.source,
    cachedAt: told.cachedAt,
    now,
    deploys: marked.deploys,
    alreadyLastGood: marked.alreadyThere,
    // A kept record is no witness of what has gone apart since.
    drift:
      told.source === 'replica sets' || told.cachedAt !== null || running?.cachedAt
        ? null
        : findDrift(told.deploys, now?.sha ?? null, running?.value ?? null),
    cautions,
  };
}

/** The commit that runs, by its full name wherever it can be found. */
async function whatRuns(
  workload: Known<Workload> | null,
  deploys: readonly NamedDeploy[],
  where: { repository: string | null; github: GitHub | null },
): Promise<RunningNow | null> {
  if (!workload) {
    const newest = deploys.find(({ state }) => state === 'succeeded');
    return newest
      ? { sha: newest.sha, from: 'history', cachedAt: null, image: null, ready: null, desired: null }
      : null;
  }
  const { image, ready, desired, revision } = workload.value;
  const told = revision ?? image;
  const known = deploys.find(({ sha }) => sameCommit(sha, told))?.sha;
  const asked = !known && isCommit(told) && told.length < 40 ? await findCommits([told], where) : null;
  return {
    sha: known ?? asked?.get(told)?.sha ?? told,
    from: 'cluster',
    cachedAt: workload.cachedAt,
    image,
    ready,
    desired,
  };
}
