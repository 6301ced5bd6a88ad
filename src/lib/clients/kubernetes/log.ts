import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OncallError } from '../../errors.ts';
import type { Cluster } from './cluster.ts';
import type { LogRequest } from './kubernetes.ts';

/**
 * Writes one container's log into `sink`, bytes as they come, no faster than the sink takes them. The sink is left
 * open. A log that ends is over as far as the node knows, which may also mean that a stream lived its four hours:
 * whether the container still runs, only its pod's status tells.
 * @throws UNAVAILABLE when it breaks off, INTERRUPTED, NOT_FOUND, AUTH; the sink's own error when that fails
 */
export async function log(
  cluster: Cluster,
  request: LogRequest,
  output: { sink: Writable; signal: AbortSignal },
): Promise<void> {
  const { namespace, pod, container, follow } = request;
  const { sink, signal } = output;
  const { response, broken } = await cluster.stream({
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    query: logQuery(request),
    errand: { verb: 'get', resource: 'pods/log', namespace, name: pod },
    signal,
    until: follow ? 'sent' : 'begun',
  });
  let sinkError: Error | undefined;
  // Not the sink itself: `pipeline` would leave listeners on it, and many logs may share one.
  const intoSink = new Writable({
    write(chunk, _encoding, done) {
      sink.write(chunk, (error) => {
        sinkError ??= error ?? undefined;
        done(error);
      });
    },
  });
  try {
    await pipeline(response, intoSink);
  } catch (error) {
    if (sinkError) throw sinkError;
    const why = broken(error);
    if (why instanceof OncallError && why.code === 'INTERRUPTED') throw why;
    throw new OncallError(`The log of ${pod}/${container} broke off: the connection to the cluster was lost.`, {
      code: 'UNAVAILABLE',
      hint: 'Run the same command again.',
      cause: error,
    });
  }
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod */
function logQuery(request: LogRequest): Record<string, string> {
  return {
    container: request.container,
    ...(request.follow ? { follow: 'true' } : {}),
    ...(request.previous ? { previous: 'true' } : {}),
    ...(request.timestamps ? { timestamps: 'true' } : {}),
    ...(request.tailLines === null ? {} : { tailLines: String(request.tailLines) }),
    ...(request.sinceSeconds === null ? {} : { sinceSeconds: String(request.sinceSeconds) }),
  };
}
