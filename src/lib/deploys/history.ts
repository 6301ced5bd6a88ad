import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes, Workload } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { findCommits, nameCommits } from './commit-facts.ts';
import { type Deploy, type DeployRecord, type Disturbance, isCommit, type NamedDeploy, sameCommit } from './deploy.ts';
import { type Drift, findDrift } from './drift.ts';
import { inTime } from './patience.ts';
import { findLastGood, quietRuns } from './quiet-runs.ts';
import { fromDeployments, fromRevisions, fromRuns, newestFirst } from './records.ts';
import { rankSuspects } from './suspects.ts';

export type HistorySource = 'deployments' | 'workflow runs' | 'replica sets';

/** What a service runs, and what went out before. */
export interface DeployHistory {
  service: string;
  repository: string | null;
  /** Which of the three told it. */
  source: HistorySource;
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
  image: string | null;
  ready: number | null;
  desired: number | null;
}

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
  /** Longest wait for the cluster in milliseconds; null waits as long as the client does. */
  patience: number | null;
}

/** How many times more is read when the first look shows no good deploy. */
const DEEPER = 5;

/**
 * Reads what runs now (from the cluster) and what went out before (from GitHub's deployments, else the runs of the deploy
 * and revert workflows, else the cluster's replica sets), and marks the current one, the suspects and the last good one.
 * @throws what the sources said, when none of them can tell anything
 */
export async function readHistory(request: HistoryRequest): Promise<DeployHistory> {
  const cautions: string[] = [];
  const pass = passOver(cautions);
  const { service, kubernetes, patience } = request;
  const workload = kubernetes
    ? pass('The cluster does not say what runs now', inTime(kubernetes.workload(service.target), patience))
    : null;
  // Whoever awaits it below gets its failure; without this, one that comes after another failure would end the process.
  workload?.catch(() => {});
  let found = await readRecords(request, { limit: request.limit, workload, pass });
  const running = await workload;
  let history = await assemble(request, { ...found, running, cautions });
  const isCut = found.source === 'deployments' && found.records.length >= request.limit;
  if (isCut && !history.alreadyLastGood && !history.deploys.some(({ lastGood }) => lastGood)) {
    found = await readRecords(request, { limit: request.limit * DEEPER, workload, pass });
    history = await assemble(request, { ...found, running, cautions });
  }
  if (!service.repository) cautions.push(`oncall.yaml names no \`repository\` for ${service.name}.`);
  return history;
}

type Pass = <T>(missing: string, asked: Promise<T>) => Promise<T | null>;

/** Goes on without what cannot be had, and remembers to say so. */
function passOver(cautions: string[]): Pass {
  return async (missing, asked) => {
    try {
      return await asked;
    } catch (error) {
      if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
      cautions.push(`${missing}: ${error.message}`);
      return null;
    }
  };
}

async function readRecords(
  { service, github, kubernetes }: HistoryRequest,
  how: { limit: number; workload: Promise<Workload | null> | null; pass: Pass },
): Promise<{ source: HistorySource; records: DeployRecord[] }> {
  const { limit, pass } = how;
  const { repository, githubEnvironment, workflows } = service;
  let refused: unknown = null;
  const keep = <T>(asked: Promise<T>) =>
    asked.catch((error: unknown) => {
      refused ??= error;
      throw error;
    });
  if (github && repository) {
    const query = { environment: githubEnvironment, limit };
    const told = await pass('GitHub did not tell its deployments', keep(github.deployments(repository, query)));
    if (told && told.length > 0) return { source: 'deployments', records: newestFirst(fromDeployments(told)) };
    const runs = await Promise.all(
      [...new Set([workflows.deploy, workflows.revert])].map((workflow) =>
        keep(github.runs(repository, { workflow, limit })).catch((error: unknown) => {
          if (error instanceof OncallError && error.code !== 'INTERRUPTED') return [];
          throw error;
        }),
      ),
    );
    const records = newestFirst(fromRuns(runs.flat()));
    if (records.length > 0) return { source: 'workflow runs', records };
  }
  const revisions = kubernetes
    ? await pass('The cluster did not tell its revisions', keep(kubernetes.revisions(service.target)))
    : null;
  if (revisions === null && refused) throw refused;
  return { source: 'replica sets', records: fromRevisions(revisions ?? [], (await how.workload) ?? null) };
}

async function assemble(
  request: HistoryRequest,
  found: { source: HistorySource; records: DeployRecord[]; running: Workload | null; cautions: string[] },
): Promise<DeployHistory> {
  const { service, github } = request;
  const { repository } = service;
  const { deploys } = await nameCommits(found.records, { service: service.name, repository, github });
  const now = await whatRuns(found.running, deploys, { repository, github });
  const marked = mark(deploys, { ...request, runs: now?.sha ?? null });
  return {
    service: service.name,
    repository,
    source: found.source,
    now,
    deploys: marked.deploys,
    alreadyLastGood: marked.alreadyThere,
    drift: found.source === 'replica sets' ? null : findDrift(found.records, now?.sha ?? null, found.running),
    cautions: found.cautions,
  };
}

/** The commit that runs, by its full name wherever it can be found. */
async function whatRuns(
  workload: Workload | null,
  deploys: readonly NamedDeploy[],
  where: { repository: string | null; github: GitHub | null },
): Promise<RunningNow | null> {
  if (!workload) {
    const newest = deploys.find(({ state }) => state === 'succeeded');
    return newest ? { sha: newest.sha, from: 'history', image: null, ready: null, desired: null } : null;
  }
  const { image, ready, desired } = workload;
  const told = workload.revision ?? image;
  const known = deploys.find(({ sha }) => sameCommit(sha, told))?.sha;
  const asked = !known && isCommit(told) && told.length < 40 ? await findCommits([told], where) : null;
  return { sha: known ?? asked?.get(told)?.sha ?? told, from: 'cluster', image, ready, desired };
}

/**
 * Marks the current deploy, the last good one and the suspects. Pure.
 * @param deploys newest first
 */
export function mark(
  deploys: readonly NamedDeploy[],
  facts: {
    runs: string | null;
    service: { name: string };
    disturbances: readonly Disturbance[] | null;
    onset: number | null;
    now: number;
  },
): { deploys: Deploy[]; alreadyThere: boolean } {
  const disturbances = facts.disturbances ?? [];
  const current = deploys.find(({ sha }) => sameCommit(sha, facts.runs)) ?? null;
  const judged = { current, currentSha: facts.runs, disturbances, now: facts.now };
  const lastGood = findLastGood(deploys, judged);
  const ends = new Map(quietRuns(deploys, judged).map(({ deploy, endedAt }) => [deploy, endedAt ?? facts.now]));
  const candidates = deploys.map((deploy) => ({ ...deploy, current: deploy === current }));
  const suspects =
    facts.onset === null ? [] : rankSuspects(candidates, { onset: facts.onset, service: facts.service.name });
  const marked = deploys.map((deploy, i): Deploy => {
    const end = ends.get(deploy);
    const suspect = suspects.find((one) => one.deploy === candidates[i]);
    return {
      ...deploy,
      ranSeconds:
        end === undefined || !deploy.succeededAt ? null : Math.round((end - Date.parse(deploy.succeededAt)) / 1000),
      current: deploy === current,
      lastGood: deploy === lastGood.run?.deploy && !lastGood.alreadyThere,
      suspect: suspect?.suspicion ?? null,
    };
  });
  return { deploys: marked, alreadyThere: lastGood.alreadyThere };
}
