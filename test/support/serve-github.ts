import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/rest';
import { Exchange } from '../../src/lib/sandbox/exchange.ts';
import { type GithubFaceOptions, githubFace } from '../../src/lib/sandbox/faces/github/github-face.ts';
import {
  type GithubToken,
  MAINTAINER_PERMISSIONS,
  RESPONDER_PERMISSIONS,
} from '../../src/lib/sandbox/faces/github/tokens.ts';
import { ordinaryHistory, PEOPLE, type RevisionSpec, SERVICES } from '../../src/lib/sandbox/world/catalog.ts';
import { WorldClock } from '../../src/lib/sandbox/world/clock.ts';
import { Random } from '../../src/lib/sandbox/world/random.ts';
import { Repositories } from '../../src/lib/sandbox/world/repositories/repositories.ts';

const PREFIX = '/github';
const DOLTHUBAPI = { owner: 'dolthub', repo: 'dolthubapi' };
const ROLLOUT_MS = 2_000;
const silent = () => undefined;
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };

/** The token of each kind of caller that the tests need. */
export const TOKENS = {
  sam: { token: 'github_pat_sam', login: 'sam', permissions: RESPONDER_PERMISSIONS, expiresAt: null },
  ana: { token: 'github_pat_ana', login: 'ana', permissions: RESPONDER_PERMISSIONS, expiresAt: null },
  maintainer: { token: 'github_pat_maintainer', login: 'sam', permissions: MAINTAINER_PERMISSIONS, expiresAt: null },
  /** May write contents, and not workflow files. */
  writer: {
    token: 'github_pat_writer',
    login: 'mei',
    permissions: { ...RESPONDER_PERMISSIONS, contents: 'write', pull_requests: 'write' },
    expiresAt: null,
  },
  reader: {
    token: 'github_pat_reader',
    login: 'mei',
    permissions: { contents: 'read', actions: 'read' },
    expiresAt: Date.now() + 7 * 24 * 3_600_000,
  },
  expired: { token: 'github_pat_old', login: 'sam', permissions: RESPONDER_PERMISSIONS, expiresAt: Date.now() - 1 },
  hurried: { token: 'github_pat_few', login: 'ben', permissions: RESPONDER_PERMISSIONS, expiresAt: null, limit: 3 },
} as const satisfies Record<string, GithubToken>;

/** A company's GitHub on a port of its own, with a cluster that takes two seconds of life for any rollout. */
export interface ServedGithub {
  repositories: Repositories;
  clock: WorldClock;
  /** `http://127.0.0.1:PORT/github` */
  baseUrl: string;
  /** What the workflows have deployed, in order. */
  deployed: { service: string; sha: string; actor: string }[];
  /** From now on no rollout ends. */
  jam(): void;
  /** A client that says nothing by itself; with null it sends no token. */
  octokit(token?: keyof typeof TOKENS | null): Octokit;
  /** Starts a workflow of dolthubapi as sam; gives the id of its run. */
  dispatch(request: { workflow_id: string; sha: string }): Promise<number>;
  /** A run's conclusion, or its status while there is none. */
  standing(runId: number): Promise<string | null>;
  stop(): Promise<void>;
}

export async function serveGithub(
  options: { revisions?: readonly RevisionSpec[]; seed?: number } & Partial<GithubFaceOptions> = {},
): Promise<ServedGithub> {
  const clock = new WorldClock();
  const serving = new Map<string, string>();
  const deployed: ServedGithub['deployed'] = [];
  let isJammed = false;
  const repositories = new Repositories({
    clock,
    random: new Random(options.seed ?? 1),
    services: SERVICES,
    people: PEOPLE,
    revisions: options.revisions ?? ordinaryHistory(),
    deploy(service, sha, actor) {
      deployed.push({ service, sha, actor });
      clock.after(ROLLOUT_MS, () => serving.set(service, sha));
    },
    isServing: (service, sha) => !isJammed && serving.get(service) === sha,
  });
  const face = githubFace(repositories, { tokens: Object.values(TOKENS), prefix: PREFIX, ...options });
  const server = createServer(async (request, response) => {
    const exchange = await Exchange.receive(request, response);
    exchange.path = exchange.path.replace(/^\/github/, '');
    await face.answer(exchange);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`;
  const octokit: ServedGithub['octokit'] = (token = 'sam') =>
    new Octokit({ ...(token ? { auth: TOKENS[token].token } : {}), baseUrl, log: SILENT });
  return {
    repositories,
    clock,
    baseUrl,
    deployed,
    jam: () => {
      isJammed = true;
    },
    octokit,
    dispatch: ({ workflow_id, sha }) => dispatchAs(octokit(), { workflow_id, sha }),
    async standing(run_id) {
      const { data } = await octokit().actions.getWorkflowRun({ ...DOLTHUBAPI, run_id });
      return data.conclusion ?? data.status;
    },
    async stop() {
      clock.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function dispatchAs(octokit: Octokit, request: { workflow_id: string; sha: string }): Promise<number> {
  const { data } = await octokit.actions.createWorkflowDispatch({
    ...DOLTHUBAPI,
    workflow_id: request.workflow_id,
    ref: 'main',
    inputs: { sha: request.sha },
    return_run_details: true,
  });
  return (data as unknown as { workflow_run_id: number }).workflow_run_id;
}

/** A revision of dolthubapi that was merged a minute ago and has not gone out. */
export const UNDEPLOYED: RevisionSpec = {
  service: 'dolthubapi',
  author: 'ana',
  title: 'Open the pool before the configuration is read',
  pull: 512,
  files: ['server/pool.go'],
  committedAgo: 60_000,
  deployedAgo: null,
  behaviour: 'crash-on-start',
};
