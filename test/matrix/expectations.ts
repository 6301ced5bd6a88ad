import type { FACES, FaultKind } from '../../src/lib/sandbox/faults.ts';

export type FaceName = (typeof FACES)[number];

/**
 * What a service is to a command.
 * `needs`: there is nothing to say without it. `adds`: only a part of the answer is missing, and named; the code stays 0.
 */
export type Part = 'needs' | 'adds';

/** A write of a command's, and what its end must be when only this one request goes wrong. */
export interface Write {
  face: FaceName;
  /** Matches its request and no other. */
  match: string;
  /** As the sandbox's log names it. */
  operation: string;
  /** What the exit code may be when it was carried out, but the answer was lost or cut: it looks. */
  done: readonly number[];
  /** What it may be when it was not carried out, for whatever reason; refusals have the usual codes. */
  notDone: readonly number[];
  /** Written to the journal first, so that a refusal costs nothing but time. */
  refusedCosts?: 'nothing';
}

/** One command with its arguments, and what is to come of each fault. */
export interface Row {
  /** As the registry knows it. */
  command: string;
  argv: readonly string[];
  /** `outage`: dolthubapi is down and you are paged. `quiet`: nothing is wrong. */
  day: 'outage' | 'quiet';
  /** Commands that were run before anything went wrong. */
  before?: readonly (readonly string[])[];
  /** Services that it asks. It must not ask any other. */
  faces: Readonly<Partial<Record<FaceName, Part>>>;
  /** How often an operation may be carried out, at most; every other write is forbidden. */
  writes?: Readonly<Record<string, number>>;
  /** The same, one by one. */
  each?: readonly Write[];
  /** It prints as it goes: its envelope is the last line, and only when it fails. */
  stream?: boolean;
  /** Cells that differ, each with its reason. */
  but?: readonly { face: FaceName; kinds: readonly FaultKind[]; codes: readonly number[]; why: string }[];
}

/**
 * The meaning of each code is in docs/exit-codes.md: 4 sign in, 6 the other side is unavailable. STS is needed wherever
 * somebody is named: AWS wants whole ARNs, and only STS tells the number of the account that stands in them.
 */
export const CODES: Readonly<Record<FaultKind, number>> = {
  '401': 4,
  '403': 4,
  '429': 6,
  '500': 6,
  '503': 6,
  slow: 6,
  cut: 6,
  malformed: 6,
  refused: 6,
  lost: 6,
};

const note = { CreateTimelineEvent: 1 };
const variables = '/repos/{owner}/{repo}/actions/variables';
const dispatch = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches';
/** The note of an act waits in the journal when it cannot be delivered; the act stays done. */
const noteOf: Write = {
  face: 'ssm-incidents',
  match: 'createTimelineEvent',
  operation: 'CreateTimelineEvent',
  done: [0],
  notDone: [0],
  refusedCosts: 'nothing',
};

const silences = '/api/v2/silences';
const webhook = '/api/webhooks/{id}/{token}';
const SILENCED = ['silence', 'add', '--alert', 'ServiceDown', '-d', '30m', '-m', 'a look first', '--yes'];

export const ROWS: readonly Row[] = [
  {
    command: 'now',
    argv: ['now'],
    day: 'outage',
    faces: { 'ssm-incidents': 'needs', 'ssm-contacts': 'needs', sts: 'adds', prometheus: 'adds', github: 'adds' },
  },
  {
    command: 'ack',
    argv: ['ack'],
    day: 'outage',
    faces: {
      'ssm-incidents': 'needs',
      'ssm-contacts': 'needs',
      sts: 'needs',
      prometheus: 'adds',
      alertmanager: 'adds',
      github: 'adds',
      kubernetes: 'adds',
    },
    writes: { AcceptPage: 1, ...note },
    each: [{ face: 'ssm-contacts', match: 'AcceptPage', operation: 'AcceptPage', done: [0], notDone: [6] }, noteOf],
  },
  {
    command: 'escalate',
    argv: ['escalate', '--yes', '--reason', 'it is dark'],
    day: 'outage',
    faces: { 'ssm-incidents': 'needs', 'ssm-contacts': 'needs', sts: 'needs' },
    writes: { StartEngagement: 1, StopEngagement: 1, ...note },
    each: [
      { face: 'ssm-contacts', match: 'StartEngagement', operation: 'StartEngagement', done: [0], notDone: [6] },
      noteOf,
    ],
  },
  {
    command: 'page',
    argv: ['page', 'tom', 'logins are slow', '--yes'],
    day: 'outage',
    faces: { 'ssm-incidents': 'needs', 'ssm-contacts': 'needs', sts: 'needs' },
    // A plan that would ring the same person again is stopped.
    writes: { StartEngagement: 1, StopEngagement: 1, ...note },
    each: [{ face: 'ssm-contacts', match: 'StartEngagement', operation: 'StartEngagement', done: [0], notDone: [6] }],
  },
  {
    command: 'page',
    argv: ['page', 'userservice', 'logins hang', '--yes'],
    day: 'quiet',
    faces: { 'ssm-incidents': 'needs', 'ssm-contacts': 'needs', sts: 'needs' },
    writes: { StartIncident: 1, ...note },
    each: [{ face: 'ssm-incidents', match: 'startIncident', operation: 'StartIncident', done: [0, 7], notDone: [6] }],
  },
  {
    command: 'note',
    argv: ['note', 'all pods restart'],
    day: 'outage',
    faces: { 'ssm-incidents': 'needs', sts: 'adds' },
    writes: note,
    each: [noteOf],
  },
  {
    command: 'note',
    argv: ['note', 'all pods restart'],
    day: 'outage',
    before: [['ack']],
    // The incident is known here already: the note is kept, and sent later.
    faces: { 'ssm-incidents': 'adds', sts: 'adds' },
    writes: note,
    each: [noteOf],
  },
  {
    command: 'resolve',
    argv: ['resolve', '--yes', '--anyway'],
    day: 'outage',
    faces: {
      'ssm-incidents': 'needs',
      'ssm-contacts': 'needs',
      sts: 'adds',
      prometheus: 'adds',
      alertmanager: 'adds',
      github: 'adds',
      kubernetes: 'adds',
    },
    writes: { UpdateIncidentRecord: 1, StopEngagement: 1, ...note },
    each: [
      {
        face: 'ssm-incidents',
        match: 'updateIncidentRecord',
        operation: 'UpdateIncidentRecord',
        done: [0],
        // A good answer has no body, so one that is malformed passes for it; the look afterwards finds it open.
        notDone: [6, 7],
      },
      noteOf,
    ],
  },
  {
    command: 'incident:list',
    argv: ['incident', 'list'],
    day: 'outage',
    faces: { 'ssm-incidents': 'needs', 'ssm-contacts': 'adds' },
  },
  {
    command: 'incident:show',
    argv: ['incident', 'show'],
    day: 'outage',
    faces: { 'ssm-incidents': 'needs', 'ssm-contacts': 'needs', sts: 'needs', prometheus: 'adds' },
  },
  { command: 'incident:timeline', argv: ['incident', 'timeline'], day: 'outage', faces: { 'ssm-incidents': 'needs' } },
  {
    command: 'incident:timeline',
    argv: ['incident', 'timeline'],
    day: 'outage',
    before: [['ack']],
    // What this machine has kept is shown when the pager is away.
    faces: { 'ssm-incidents': 'adds' },
    but: [
      {
        face: 'ssm-incidents',
        kinds: ['401', '403'],
        codes: [0, 4],
        why: 'a sign-in that is missing is not a pager that is away',
      },
    ],
  },
  {
    command: 'incident:link',
    argv: ['incident', 'link', 'dolthub-web'],
    day: 'quiet',
    before: [['page', 'userservice', 'logins hang', '--yes']],
    faces: { 'ssm-incidents': 'needs', sts: 'adds' },
    writes: note,
    each: [noteOf],
  },
  { command: 'who', argv: ['who'], day: 'outage', faces: { 'ssm-contacts': 'needs', sts: 'needs' } },
  {
    command: 'who',
    argv: ['who'],
    day: 'outage',
    before: [['who']],
    // The rota of a moment ago is shown, with its age.
    faces: { 'ssm-contacts': 'adds', sts: 'adds' },
    but: [{ face: 'ssm-contacts', kinds: ['401', '403'], codes: [0, 4], why: 'as above' }],
  },
  {
    command: 'logs',
    argv: ['logs', 'dolthubgraphql'],
    day: 'quiet',
    faces: { kubernetes: 'needs' },
    stream: true,
  },
  {
    command: 'graph',
    argv: ['graph', 'dolthubapi'],
    day: 'quiet',
    faces: { prometheus: 'needs', kubernetes: 'adds' },
  },
  {
    command: 'graph',
    argv: ['graph'],
    day: 'outage',
    faces: { prometheus: 'needs', 'ssm-incidents': 'needs', kubernetes: 'adds' },
  },
  {
    command: 'deploys',
    argv: ['deploys', 'dolthubapi'],
    day: 'outage',
    faces: { github: 'adds', kubernetes: 'adds', 'ssm-incidents': 'adds', prometheus: 'adds' },
  },
  {
    command: 'revert',
    argv: ['revert', '--yes', '--accept-warnings', '--no-wait'],
    day: 'outage',
    faces: {
      github: 'needs',
      'ssm-incidents': 'needs',
      sts: 'adds',
      prometheus: 'adds',
      kubernetes: 'adds',
    },
    writes: { [dispatch]: 1, [`POST ${variables}`]: 1, ...note },
    each: [
      { face: 'github', match: '/dispatches', operation: dispatch, done: [0], notDone: [6, 7] },
      {
        face: 'github',
        match: 'POST /repos/dolthub/dolthubapi/actions/variables',
        operation: `POST ${variables}`,
        done: [0],
        // The run goes out all the same; that it is not held is said.
        notDone: [0, 6, 7],
        refusedCosts: 'nothing',
      },
      noteOf,
    ],
  },
  {
    command: 'hold',
    argv: ['hold', 'dolthubapi', '--reason', 'a look first', '--yes'],
    day: 'outage',
    faces: { github: 'needs', 'ssm-incidents': 'adds', sts: 'adds', prometheus: 'adds' },
    writes: { [`POST ${variables}`]: 1, ...note },
    each: [
      {
        face: 'github',
        match: 'POST /repos/dolthub/dolthubapi/actions/variables',
        operation: `POST ${variables}`,
        done: [0],
        notDone: [6, 7],
      },
      noteOf,
    ],
  },
  {
    command: 'release',
    argv: ['release', 'dolthubapi', '--yes'],
    day: 'outage',
    before: [['hold', 'dolthubapi', '--reason', 'a look first', '--yes']],
    faces: { github: 'needs', 'ssm-incidents': 'adds', sts: 'adds', prometheus: 'adds' },
    writes: { [`DELETE ${variables}/{name}`]: 1, ...note },
    each: [
      { face: 'github', match: 'DELETE', operation: `DELETE ${variables}/{name}`, done: [0], notDone: [6, 7] },
      noteOf,
    ],
  },
  {
    command: 'doctor',
    argv: ['doctor'],
    day: 'quiet',
    // What it finds is its answer, and the worst finding its code.
    faces: {
      'ssm-incidents': 'needs',
      'ssm-contacts': 'needs',
      sts: 'needs',
      kubernetes: 'needs',
      github: 'needs',
      prometheus: 'needs',
      alertmanager: 'needs',
      discord: 'needs',
    },
  },
  {
    command: 'doctor',
    argv: ['doctor', '--for-shift'],
    day: 'quiet',
    faces: {
      'ssm-contacts': 'needs',
      sts: 'needs',
      kubernetes: 'needs',
      github: 'needs',
      alertmanager: 'needs',
      prometheus: 'needs',
    },
    but: [
      {
        face: 'kubernetes',
        kinds: ['403'],
        codes: [0, 4],
        why: 'some clusters forbid the question who one is, and only that is asked',
      },
    ],
  },
  { command: 'alerts', argv: ['alerts'], day: 'outage', faces: { alertmanager: 'adds', prometheus: 'adds' } },
  {
    command: 'silence:add',
    argv: ['silence', 'add', '--alert', 'ServiceDown', '-d', '30m', '-m', 'a look first', '--yes'],
    day: 'outage',
    // A silence must also work while the pager is down: whose page it would hide is then said not to be known.
    faces: { alertmanager: 'needs', prometheus: 'adds', 'ssm-incidents': 'adds', 'ssm-contacts': 'adds', sts: 'needs' },
    writes: { [`POST ${silences}`]: 1, ...note },
    each: [
      { face: 'alertmanager', match: `POST /api/v2/silences`, operation: `POST ${silences}`, done: [0], notDone: [6] },
      noteOf,
    ],
  },
  {
    command: 'silence:list',
    argv: ['silence', 'list'],
    day: 'outage',
    before: [SILENCED],
    faces: { alertmanager: 'needs' },
  },
  {
    command: 'silence:end',
    argv: ['silence', 'end', '--all', '--mine', '--yes'],
    day: 'outage',
    before: [SILENCED],
    faces: { alertmanager: 'needs', sts: 'needs' },
    writes: { [`DELETE /api/v2/silence/:id`]: 1, ...note },
    each: [
      {
        face: 'alertmanager',
        match: 'DELETE',
        operation: 'DELETE /api/v2/silence/:id',
        done: [0],
        notDone: [6],
      },
    ],
  },
  {
    command: 'notify',
    argv: ['notify', 'we are on it'],
    day: 'outage',
    faces: { discord: 'needs', 'ssm-incidents': 'adds', 'ssm-contacts': 'adds', sts: 'adds', prometheus: 'adds' },
    writes: { [`POST ${webhook}`]: 1, ...note },
    each: [
      // Discord knows no token by which a second sending would be the first one: a doubtful one stays doubtful.
      { face: 'discord', match: 'POST', operation: `POST ${webhook}`, done: [0, 7], notDone: [6, 7] },
      noteOf,
    ],
  },
  {
    command: 'ask',
    argv: ['ask', 'does anybody know the cache?'],
    day: 'outage',
    faces: {
      discord: 'needs',
      'ssm-incidents': 'adds',
      'ssm-contacts': 'adds',
      sts: 'adds',
      prometheus: 'adds',
      kubernetes: 'adds',
      alertmanager: 'adds',
      github: 'adds',
    },
    writes: { [`POST ${webhook}`]: 1, ...note },
    each: [{ face: 'discord', match: 'POST', operation: `POST ${webhook}`, done: [0, 7], notDone: [6, 7] }],
  },
  {
    command: 'deploy',
    argv: ['deploy', 'dolthubapi', '--ref', '561846e', '--yes', '--accept-warnings', '--no-wait'],
    day: 'quiet',
    faces: { github: 'needs', 'ssm-incidents': 'adds', sts: 'adds', kubernetes: 'adds' },
    writes: { [dispatch]: 1, ...note },
    each: [{ face: 'github', match: '/dispatches', operation: dispatch, done: [0], notDone: [6, 7] }],
  },
  {
    command: 'deploys:init',
    argv: ['deploys', 'init', 'dolthubapi', '--dry-run'],
    day: 'quiet',
    faces: { github: 'needs', kubernetes: 'adds' },
    but: [
      {
        face: 'kubernetes',
        kinds: ['401', '403', '429', '500', '503', 'slow', 'cut', 'malformed', 'refused', 'lost'],
        codes: [2],
        why: 'how the images are named is then asked for, by its flag',
      },
    ],
  },
  {
    command: 'revert',
    argv: ['revert', '--via', 'rollout', '--yes', '--accept-warnings', '--no-wait'],
    day: 'outage',
    // The way past a GitHub that is down.
    faces: { kubernetes: 'needs', 'ssm-incidents': 'needs', github: 'adds', sts: 'adds', prometheus: 'adds' },
    writes: { 'patch deployments': 1, [`POST ${variables}`]: 1, ...note },
    each: [
      { face: 'kubernetes', match: 'PATCH', operation: 'patch deployments', done: [0, 7], notDone: [6, 7] },
      noteOf,
    ],
  },
  { command: 'config:show', argv: ['config', 'show'], day: 'quiet', faces: {} },
];

/** Commands without a row. `RegExp` → why. */
export const WITHOUT: readonly [RegExp, string][] = [
  [/^sandbox:/, 'speaks to the controls of the practice world only'],
  [/^drill:/, 'opens a practice world of its own and runs the other commands in it'],
  [/^config:(schema|init)$/, 'asks no service'],
  [/^kubectl$/, "what is asked, and how a failure is told, is the stock kubectl's own"],
  [/^login$/, 'in a practice world there is nothing to sign in to: it has tests of its own, with programs on the path'],
];
