/**
 * What exists in the practice world before anything happens: a company much like the one in the article that this
 * project grew from. Data only; each part of the world seeds itself from it.
 */

/** One of the company's own services, run as a Kubernetes Deployment of the same name. */
export interface ServiceSpec {
  name: string;
  description: string;
  language: 'go' | 'nextjs';
  namespace: string;
  repository: { owner: string; name: string };
  replicas: number;
  port: number;
  /** Requests per second at an ordinary hour, all pods together. */
  requestsPerSecond: number;
  /** Share of requests that fail on an ordinary day. */
  errorRatio: number;
  /** Median and 99th percentile latency in seconds on an ordinary day. */
  latency: { median: number; p99: number };
  /** Resident memory of one pod, in MiB. */
  memoryMiB: number;
  dependsOn: readonly string[];
}

export interface Person {
  /** Contact alias in Incident Manager. */
  alias: string;
  name: string;
  title: string;
  timeZone: string;
  /** E.164; all within the range that is reserved for fiction. */
  phone: string;
  email: string;
  githubLogin: string;
}

/** What a revision does once its image runs. */
export type Behaviour = 'steady' | 'crash-on-start' | 'crash-when-warm';

/** One commit of a service's default branch, newest last. Times are milliseconds before the world begins. */
export interface RevisionSpec {
  service: string;
  author: string;
  /** Pull request title; the commit's message is `title (#number)`, as a squash merge writes it. */
  title: string;
  pull: number;
  files: readonly string[];
  committedAgo: number;
  /** When it went to production; null if it never did. */
  deployedAgo: number | null;
  behaviour: Behaviour;
}

/** A deployment of the practice world's registry: `IMAGE_REGISTRY/<service>:<first seven of the sha>`. */
export const IMAGE_REGISTRY = 'registry.dolthub.test';
export const NAMESPACE = 'production';
export const CLUSTER_NAME = 'practice';
export const GITHUB_OWNER = 'dolthub';
export const AWS_ACCOUNT = '000000000000';
export const AWS_REGION = 'us-west-2';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function service(
  name: string,
  description: string,
  facts: Partial<ServiceSpec> & { requestsPerSecond: number },
): ServiceSpec {
  return {
    name,
    description,
    language: 'go',
    namespace: NAMESPACE,
    repository: { owner: GITHUB_OWNER, name },
    replicas: 3,
    port: 8080,
    errorRatio: 0.0008,
    latency: { median: 0.018, p99: 0.21 },
    memoryMiB: 180,
    dependsOn: [],
    ...facts,
  };
}

export const SERVICES: readonly ServiceSpec[] = [
  service('dolthubapi', 'The gRPC and REST API behind the web site and the command line', {
    requestsPerSecond: 140,
    dependsOn: ['userservice', 'fileserviceapi'],
  }),
  service('dolthubgraphql', 'The GraphQL gateway that the front end talks to', {
    language: 'nextjs',
    port: 9000,
    requestsPerSecond: 90,
    latency: { median: 0.031, p99: 0.38 },
    memoryMiB: 310,
    dependsOn: ['dolthubapi'],
  }),
  service('dolthub-web', 'The Next.js front end', {
    language: 'nextjs',
    port: 3000,
    requestsPerSecond: 60,
    latency: { median: 0.055, p99: 0.6 },
    memoryMiB: 420,
    dependsOn: ['dolthubgraphql'],
  }),
  service('fileserviceapi', 'Uploads and downloads of database files', {
    replicas: 2,
    requestsPerSecond: 35,
    latency: { median: 0.08, p99: 1.2 },
    memoryMiB: 260,
  }),
  service('userservice', 'Accounts, sessions and permissions', {
    replicas: 2,
    requestsPerSecond: 75,
    latency: { median: 0.009, p99: 0.09 },
    memoryMiB: 120,
  }),
  service('remotesapi', 'Clone, push and pull of databases', {
    replicas: 2,
    requestsPerSecond: 22,
    latency: { median: 0.12, p99: 1.9 },
    memoryMiB: 340,
    dependsOn: ['userservice', 'fileserviceapi'],
  }),
];

/** The team. `sam` is the engineer on call, and the one the sandbox signs in as. */
export const PEOPLE: readonly Person[] = [
  {
    alias: 'sam',
    name: 'Sam Okafor',
    title: 'Software engineer',
    timeZone: 'America/Los_Angeles',
    phone: '+12025550101',
    email: 'sam@dolthub.test',
    githubLogin: 'sam-okafor',
  },
  {
    alias: 'ana',
    name: 'Ana Duarte',
    title: 'Senior software engineer',
    timeZone: 'America/Los_Angeles',
    phone: '+12025550102',
    email: 'ana@dolthub.test',
    githubLogin: 'anaduarte',
  },
  {
    alias: 'ben',
    name: 'Ben Lindqvist',
    title: 'Software engineer',
    timeZone: 'Europe/Stockholm',
    phone: '+12025550103',
    email: 'ben@dolthub.test',
    githubLogin: 'blindqvist',
  },
  {
    alias: 'mei',
    name: 'Mei Tanaka',
    title: 'Software engineer',
    timeZone: 'America/New_York',
    phone: '+12025550104',
    email: 'mei@dolthub.test',
    githubLogin: 'meitanaka',
  },
  {
    alias: 'tom',
    name: 'Tom Reyes',
    title: 'Head of engineering',
    timeZone: 'America/Los_Angeles',
    phone: '+12025550105',
    email: 'tom@dolthub.test',
    githubLogin: 'tomreyes',
  },
];

/** Aliases of the contacts that are not people. */
export const PRIMARY_SCHEDULE = 'engineering-on-call';
export const ESCALATION_PLAN = 'engineering';

/** Weekly rotation, in shift order. The hand-over is on Mondays at 10:00 in `ROTATION_TIME_ZONE`. */
export const ROTATION = ['sam', 'ben', 'mei'] as const;
export const ROTATION_TIME_ZONE = 'America/Los_Angeles';
/** Second and third responder: the seniors. */
export const SECOND_RESPONDER = 'ana';
export const THIRD_RESPONDER = 'tom';

/** Name of the response plan of one alert of one service, as the pipeline would name it. */
export function responsePlanName(serviceName: string, alert: string): string {
  return `${serviceName}-${alert.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()}`;
}

const HISTORY: readonly [service: string, ago: number, author: string, title: string, files: readonly string[]][] = [
  ['userservice', 13 * DAY + 4 * HOUR, 'mei', 'Rotate session keys without logging everyone out', ['session/keys.go']],
  [
    'dolthubapi',
    12 * DAY + 2 * HOUR,
    'ana',
    'Page through long branch lists',
    ['branches/list.go', 'branches/list_test.go'],
  ],
  ['remotesapi', 11 * DAY + 5 * HOUR, 'ben', 'Retry chunk downloads that end early', ['chunks/download.go']],
  ['dolthub-web', 9 * DAY + 7 * HOUR, 'mei', 'Show the diff of a pull request while it loads', ['pages/pull/[id].tsx']],
  ['dolthubgraphql', 8 * DAY + 3 * HOUR, 'sam', 'Batch permission look-ups', ['src/permissions/loader.ts']],
  [
    'fileserviceapi',
    7 * DAY + 6 * HOUR,
    'ben',
    'Refuse uploads over the plan limit before reading them',
    ['upload/limit.go'],
  ],
  [
    'dolthubapi',
    6 * DAY + 3 * HOUR,
    'mei',
    'Add an index for pull request search',
    ['migrations/0147_pull_search.sql', 'pulls/search.go'],
  ],
  ['dolthub-web', 4 * DAY + 5 * HOUR, 'sam', 'Keep the query editor open between pages', ['components/editor.tsx']],
  ['dolthubgraphql', 3 * DAY + 8 * HOUR, 'ana', 'Time out slow resolvers after 10 s', ['src/timeout.ts']],
  [
    'dolthubapi',
    2 * DAY + 3 * HOUR,
    'ben',
    'Cache repository statistics for a minute',
    ['stats/cache.go', 'stats/cache_test.go'],
  ],
  ['userservice', 1 * DAY + 9 * HOUR, 'ana', 'Log the reason of a refused sign-in', ['signin/log.go']],
  ['remotesapi', 20 * HOUR, 'mei', 'Close idle gRPC streams', ['server/keepalive.go']],
  ['dolthub-web', 7 * HOUR, 'ben', 'Fix the copy button of the clone dialog', ['components/clone.tsx']],
];

/** The ordinary past: every entry went to production ten minutes after it was merged, and ran quietly. */
export function ordinaryHistory(): RevisionSpec[] {
  return HISTORY.map(([name, ago, author, title, files], i) => ({
    service: name,
    author,
    title,
    pull: 400 + i * 3,
    files,
    committedAgo: ago + 10 * MINUTE,
    deployedAgo: ago,
    behaviour: 'steady',
  }));
}
