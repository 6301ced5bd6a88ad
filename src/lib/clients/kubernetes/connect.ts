import type { ConnectionSettings } from '../../config/settings.ts';
import { OncallError } from '../../errors.ts';
import type { Environment } from '../processes.ts';
import { Cluster } from './cluster.ts';
import { foundServices, foundWorkloads } from './inventory.ts';
import { type KubeconfigContents, type Place, placeOf, readKubeconfig } from './kubeconfig.ts';
import type { ClusterIdentity, Kubernetes } from './kubernetes.ts';
import { log } from './log.ts';
import { openLog } from './log-stream.ts';
import { events, pods } from './pods.ts';
import { changeIt, prepareRollBack } from './roll-back.ts';
import { jobIsOver, selectorOf } from './selectors.ts';
import { signInWayOf } from './sign-in.ts';
import { revisions, workload } from './workloads.ts';

/**
 * Kubernetes, as the kubeconfig leads to it. The kubeconfig is read when the first call needs it, and each context's
 * credentials are asked for once.
 * @param options.env the shell's environment: names the kubeconfig, and is given to credential plugins
 * @throws CONFIG (no kubeconfig, unknown context), AUTH with the command that signs in, NOT_FOUND, UNAVAILABLE,
 *   RATE_LIMITED, FAILED, REFUSED (outside a practice world), INTERRUPTED
 */
export function connectKubernetes(options: {
  settings: ConnectionSettings;
  signal: AbortSignal;
  env: Environment;
}): Kubernetes {
  const { settings, signal, env } = options;
  let contents: KubeconfigContents | undefined;
  const clusters = new Map<string, Cluster>();
  const placeFor = (wanted: string | null): Place => {
    contents ??= readKubeconfig(settings, env);
    return placeOf(contents, wanted ?? settings.kubernetes.context);
  };
  const cluster = async (wanted: string | null): Promise<Cluster> => {
    const place = placeFor(wanted);
    const known = clusters.get(place.context) ?? new Cluster(place, { world: settings.world, env, signal });
    clusters.set(place.context, known);
    return known;
  };
  return {
    whoAmI: async (context = null) => whoAmI(await cluster(context)),
    signInWay: async (context) => signInWayOf(placeFor(context), env),
    ends: async (context) => (await cluster(context)).ends(),
    workloads: async ({ context, namespace }) => foundWorkloads(await cluster(context), namespace),
    services: async ({ context, namespace }) => foundServices(await cluster(context), namespace),
    workload: async (target) => workload(await cluster(target.context), target),
    revisions: async (target) => revisions(await cluster(target.context), target),
    prepareRollBack: async (target, wanted) => prepareRollBack(await cluster(target.context), target, wanted),
    change: async (prepared) => changeIt(await cluster(prepared.context), prepared),
    pods: async (target) => pods(await cluster(target.context), target),
    events: async (target) => events(await cluster(target.context), target),
    openLog: (request, take) =>
      openLog(
        cluster(request.context).then(({ logLine }) => logLine),
        request,
        take,
      ),
    watchPods: async (target, observer, stop) =>
      (await cluster(target.context)).watchPods({ target, observer, signal: stop }),
    selectorOf: async (object) => selectorOf(await cluster(object.context), object),
    jobIsOver: async (target, job) =>
      jobIsOver(await cluster(target.context), { namespace: target.namespace, name: job }),
    log: async (request, sink, stop) => log(await cluster(request.context), request, { sink, signal: stop }),
  };
}

/** The user is the cluster's own answer; clusters before 1.28 have none, and some forbid the question. */
async function whoAmI(cluster: Cluster): Promise<ClusterIdentity> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const object = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const { context, server } = cluster;
  try {
    type Review = { status?: { userInfo?: { username?: string } } };
    const { status } = await cluster.review<Review>(path, object);
    return { context, server, user: status?.userInfo?.username ?? null };
  } catch (error) {
    if (error instanceof OncallError && (error.code === 'NOT_FOUND' || /may not create/.test(error.message))) {
      return { context, server, user: null };
    }
    throw error;
  }
}
