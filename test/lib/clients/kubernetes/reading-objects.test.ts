import assert from 'node:assert/strict';
import { demandedValues, matcher } from '../../../../src/lib/clients/kubernetes/label-selector.ts';
import { printedStatus } from '../../../../src/lib/clients/kubernetes/pod-status.ts';
import { revisionOf } from '../../../../src/lib/clients/kubernetes/running-revision.ts';
import type { ContainerStatus, WirePod } from '../../../../src/lib/clients/kubernetes/wire.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';

describe('the revision that a workload runs', () => {
  const template = (image: string, metadata = {}) => ({ metadata, spec: { containers: [{ name: 'c', image }] } });
  const owner = { name: 'api' };

  it('is the commit in full where a label or annotation gives it', () => {
    const labels = { 'app.kubernetes.io/version': SHA };
    assert.equal(revisionOf(template('r/api:0123456', { labels }), owner), SHA);
    const annotations = { 'org.opencontainers.image.revision': SHA };
    assert.equal(revisionOf(template('r/api:v1.4.2', { annotations }), owner), SHA);
    const cause = { 'kubernetes.io/change-cause': `deploy ${SHA} by ana` };
    assert.equal(revisionOf(template('r/api:0123456'), { ...owner, annotations: cause }), SHA);
  });

  it('is what the image says when that contradicts the labels', () => {
    const labels = { 'app.kubernetes.io/version': SHA };
    assert.equal(revisionOf(template('r/api:fedcba9', { labels }), owner), 'fedcba9');
    const newer = 'fedcba9876543210fedcba9876543210fedcba98';
    const annotations = { 'kubernetes.io/change-cause': `deploy ${newer} by ana` };
    assert.equal(revisionOf(template('r/api:fedcba9', { labels }), { ...owner, annotations }), newer);
  });

  it('is the tag of the image, else a version, else not known', () => {
    assert.equal(revisionOf(template('localhost:5000/api:v1.4.2'), owner), 'v1.4.2');
    assert.equal(revisionOf(template('localhost:5000/api'), owner), null);
    assert.equal(revisionOf(template(`r/api@sha256:${'0'.repeat(64)}`), owner), null);
    const labels = { 'app.kubernetes.io/version': '1.4.2' };
    assert.equal(revisionOf(template(`r/api@sha256:${'0'.repeat(64)}`, { labels }), owner), '1.4.2');
  });
});

describe('a label selector', () => {
  const labels = { app: 'api', tier: 'web' };

  it('is met as Kubernetes would say', () => {
    for (const [selector, met] of [
      ['app=api', true],
      ['app==api,tier=web', true],
      ['app=other', false],
      ['app!=other', true],
      ['zone!=eu', true],
      ['tier in (web, edge)', true],
      ['tier notin (web,edge),app=api', false],
      ['zone notin (eu)', true],
      ['app', true],
      ['!app', false],
      ['!zone,app=api', true],
      ['app=', false],
      ['', true],
    ] as const) {
      assert.equal(matcher(selector)?.(labels), met, selector);
    }
  });

  it('is not guessed at when it cannot be understood', () => {
    assert.equal(matcher('app ~ api'), null);
    assert.deepEqual(demandedValues('app=api, tier in (web), zone!=eu,x == y'), ['api', 'y']);
  });
});

describe('the status of a pod', () => {
  const waiting = (reason: string, restartCount = 0): ContainerStatus => ({
    name: 'c',
    ready: false,
    restartCount,
    state: { waiting: { reason } },
  });
  const ended = (terminated: object, restartCount = 0): ContainerStatus => ({
    name: 'c',
    ready: false,
    restartCount,
    state: { terminated: { exitCode: 0, ...terminated } },
  });
  const running = (ready = true, restartCount = 0): ContainerStatus => ({
    name: 'c',
    ready,
    restartCount,
    state: { running: {} },
  });
  const pod = (status: WirePod['status'], metadata = {}, spec = {}): WirePod => ({
    metadata: { name: 'p', ...metadata },
    spec: { containers: [{ name: 'c' }], ...spec },
    status: { phase: 'Running', ...status },
  });
  const ready = [{ type: 'Ready', status: 'True' }];
  const leaving = { deletionTimestamp: '2026-01-02T03:04:05Z' };

  it('is the one that kubectl prints', () => {
    for (const [expected, one] of [
      ['Running', pod({ containerStatuses: [running()] })],
      ['Pending', pod({ phase: 'Pending' })],
      ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
      ['CrashLoopBackOff', pod({ containerStatuses: [running(), waiting('CrashLoopBackOff')] })],
      ['ErrImagePull', pod({ containerStatuses: [waiting('ErrImagePull'), waiting('CrashLoopBackOff')] })],
      ['OOMKilled', pod({ containerStatuses: [ended({ exitCode: 137, reason: 'OOMKilled' })] })],
      ['ExitCode:2', pod({ containerStatuses: [ended({ exitCode: 2 })] })],
      ['Signal:9', pod({ containerStatuses: [ended({ exitCode: 137, signal: 9 })] })],
      ['Completed', pod({ phase: 'Succeeded', containerStatuses: [ended({ reason: 'Completed' })] })],
      ['Running', pod({ conditions: ready, containerStatuses: [ended({ reason: 'Completed' }), running()] })],
      ['NotReady', pod({ containerStatuses: [ended({ reason: 'Completed' }), running()] })],
      ['Terminating', pod({ containerStatuses: [running()] }, leaving)],
      ['Completed', pod({ phase: 'Succeeded', containerStatuses: [ended({ reason: 'Completed' })] }, leaving)],
      ['Unknown', pod({ reason: 'NodeLost' }, leaving)],
      [
        'SchedulingGated',
        pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
      ],
    ] as const) {
      assert.equal(printedStatus(one).status, expected);
    }
  });

  it('tells how far the init containers are', () => {
    const inits = (names: string[], statuses: ContainerStatus[], extra = {}) =>
      pod(
        { phase: 'Pending', initContainerStatuses: statuses, containerStatuses: [waiting('PodInitializing')] },
        {},
        { initContainers: names.map((name) => ({ name, ...extra })) },
      );
    assert.equal(printedStatus(inits(['a', 'b'], [ended({}), { ...running(false), name: 'b' }])).status, 'Init:1/2');
    assert.equal(printedStatus(inits(['a'], [waiting('CrashLoopBackOff', 3)])).status, 'Init:CrashLoopBackOff');
    assert.equal(printedStatus(inits(['a'], [waiting('CrashLoopBackOff', 3)])).restarts, 3);
    assert.equal(printedStatus(inits(['a'], [waiting('PodInitializing')])).status, 'Init:0/1');
    assert.equal(printedStatus(inits(['a'], [ended({ exitCode: 1, reason: 'Error' })])).status, 'Init:Error');
    assert.equal(printedStatus(inits(['a'], [ended({ exitCode: 3 })])).status, 'Init:ExitCode:3');
    assert.equal(printedStatus(inits(['a'], [ended({})])).status, 'PodInitializing');
    const sidecar = { ...running(true, 2), started: true };
    const withSidecar = inits(['c'], [sidecar], { restartPolicy: 'Always' });
    assert.deepEqual(printedStatus(withSidecar), { status: 'PodInitializing', restarts: 2 });
  });

  it('counts the restarts of all containers', () => {
    assert.equal(printedStatus(pod({ containerStatuses: [running(true, 2), running(true, 3)] })).restarts, 5);
  });
});
