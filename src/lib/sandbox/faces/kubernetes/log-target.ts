import type { ContainerStatus, Pod } from '../../world/cluster/objects.ts';
import type { LogOptions } from './log-options.ts';
import { ApiFailure } from './status.ts';

/**
 * Which run of which container a log request means, by the rules of the API server and the kubelet: without
 * `previous` the one that runs, else the one that ended last, so that during a back-off the dead one is shown again.
 * @returns the run's container ID
 * @throws 400 when no container, or no run of it, can be meant
 */
export function chooseRun(pod: Pod, { container, previous }: Pick<LogOptions, 'container' | 'previous'>): string {
  const podName = pod.metadata.name;
  const names = pod.spec.containers.map(({ name }) => name);
  if (container === undefined && names.length > 1) {
    const choice = `choose one of: [${names.join(' ')}]`;
    throw new ApiFailure('BadRequest', `a container name must be specified for pod ${podName}, ${choice}`);
  }
  const name = container ?? names[0] ?? '';
  if (!names.includes(name)) throw new ApiFailure('BadRequest', `container ${name} is not valid for pod ${podName}`);
  if (!pod.spec.nodeName) throw new ApiFailure('BadRequest', `pod ${podName} does not have a host assigned`);
  const status = pod.status.containerStatuses?.find((known) => known.name === name);
  const waiting = `container "${name}" in pod "${podName}" is waiting to start: `;
  if (!status) throw new ApiFailure('BadRequest', `${waiting}ContainerCreating`);
  const containerID = previous ? status.lastState.terminated?.containerID : latestRun(status);
  if (containerID) return containerID;
  if (previous) {
    throw new ApiFailure('BadRequest', `previous terminated container "${name}" in pod "${podName}" not found`);
  }
  throw new ApiFailure('BadRequest', waiting + reasonOf(status));
}

function latestRun({ state, lastState, containerID }: ContainerStatus): string | undefined {
  return state.running ? containerID : (state.terminated?.containerID ?? lastState.terminated?.containerID);
}

function reasonOf({ state }: ContainerStatus): string {
  switch (state.waiting?.reason) {
    case 'ErrImagePull':
      return "image can't be pulled";
    case 'ImagePullBackOff':
      return 'trying and failing to pull image';
    default:
      return state.waiting?.reason ?? 'ContainerCreating';
  }
}
