import type { ContainerStatus, Termination, WirePod } from './wire.ts';

/**
 * What `kubectl get pods` prints as STATUS and RESTARTS. The API has no such field: it is worked out from the phase,
 * the conditions and each container's state, and this follows the API server's own printer.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go (printPod)
 */
export function printedStatus(pod: WirePod): { status: string; restarts: number } {
  const { phase = 'Unknown', reason, conditions = [] } = pod.status ?? {};
  const gated = conditions.some((one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated');
  const base = gated ? 'SchedulingGated' : reason || phase;
  const beginning = initialization(pod);
  const initialized = hasCondition(pod, 'Initialized');
  const main = beginning.status === null || initialized ? containers(pod, beginning.status ?? base) : null;
  const restarts = main ? beginning.sidecarRestarts + main.restarts : beginning.restarts;
  return { status: leaving(pod) ?? main?.status ?? beginning.status ?? base, restarts };
}

/** Whether a pod's condition holds. */
export function hasCondition(pod: WirePod, type: string): boolean {
  return (pod.status?.conditions ?? []).some((one) => one.type === type && one.status === 'True');
}

/** A pod that was asked to go. */
function leaving(pod: WirePod): string | null {
  if (!pod.metadata.deletionTimestamp) return null;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  const over = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return over ? null : 'Terminating';
}

interface Initialization {
  /** `Init:…`; null when all init containers are done. */
  status: string | null;
  restarts: number;
  /** Restarts of init containers that keep running beside the others. */
  sidecarRestarts: number;
}

/** How far the init containers are. One with `restartPolicy: Always` is a sidecar: it is done once it has started. */
function initialization(pod: WirePod): Initialization {
  const specs = pod.spec.initContainers ?? [];
  const sidecars = new Set(specs.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  let restarts = 0;
  let sidecarRestarts = 0;
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = sidecars.has(container.name);
    restarts += container.restartCount;
    if (sidecar) sidecarRestarts += container.restartCount;
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0 || (sidecar && container.started)) continue;
    const pending = waiting?.reason && waiting.reason !== 'PodInitializing' ? waiting.reason : null;
    const what = terminated ? ended(terminated) : (pending ?? `${index}/${specs.length}`);
    return { status: `Init:${what}`, restarts, sidecarRestarts };
  }
  return { status: null, restarts, sidecarRestarts };
}

/** The first container that has something to say wins; a pod is done only if no container still runs. */
function containers(pod: WirePod, base: string): { status: string; restarts: number } {
  const statuses = pod.status?.containerStatuses ?? [];
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const status = statuses.map(trouble).find((one) => one !== null) ?? base;
  const running = statuses.some((one) => one.ready && one.state?.running && trouble(one) === null);
  if (status !== 'Completed' || !running) return { status, restarts };
  return { status: hasCondition(pod, 'Ready') ? 'Running' : 'NotReady', restarts };
}

function trouble({ state = {} }: ContainerStatus): string | null {
  return state.waiting?.reason || (state.terminated ? ended(state.terminated) : null);
}

function ended({ reason, signal, exitCode }: Termination): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}
