import { utcStamp } from '../utc-stamp.ts';
import type { ContainerRuns, WatchedPod } from './kubernetes.ts';
import { endingOf, readPod } from './pods.ts';
import type { Container, ContainerStatus, WirePod } from './wire.ts';

/** A pod with the runs of all its containers: init ones first, as they run, then the regular and the ephemeral ones. */
export function readWatched(wire: WirePod): WatchedPod {
  const { spec, status = {} } = wire;
  const owner = wire.metadata.ownerReferences?.find(({ controller }) => controller);
  return {
    ...readPod(wire),
    uid: wire.metadata.uid ?? wire.metadata.name,
    owner: owner?.kind && owner.name ? { kind: owner.kind, name: owner.name } : null,
    runs: [
      ...runsOf('init', spec.initContainers, status.initContainerStatuses),
      ...runsOf('regular', spec.containers, status.containerStatuses),
      ...runsOf('ephemeral', spec.ephemeralContainers, status.ephemeralContainerStatuses),
    ],
  };
}

function runsOf(
  kind: ContainerRuns['kind'],
  containers: readonly Container[] = [],
  statuses: readonly ContainerStatus[] = [],
): ContainerRuns[] {
  return containers.map(({ name }) => {
    const status = statuses.find((one) => one.name === name);
    return status ? runs(kind, status) : { ...UNBORN, name, kind };
  });
}

const UNBORN = {
  run: null,
  state: 'waiting',
  startedAt: null,
  waitingFor: null,
  ending: null,
  restarts: 0,
  lastRun: null,
} as const;

function runs(kind: ContainerRuns['kind'], status: ContainerStatus): ContainerRuns {
  const { name, containerID, restartCount, state = {}, lastState = {} } = status;
  const ended = state.terminated ?? lastState.terminated;
  const startedAt = state.running?.startedAt ?? state.terminated?.startedAt;
  return {
    name,
    kind,
    // A cluster that leaves the identity out still tells one run from the next by their number.
    run: containerID || (state.running || state.terminated ? `${name}#${restartCount}` : null),
    state: state.running ? 'running' : state.terminated ? 'terminated' : 'waiting',
    startedAt: startedAt ? utcStamp(startedAt) : null,
    waitingFor: state.waiting?.reason ?? null,
    ending: ended ? endingOf(ended) : null,
    restarts: restartCount,
    lastRun: lastState.terminated?.containerID || (lastState.terminated ? `${name}#${restartCount - 1}` : null),
  };
}
