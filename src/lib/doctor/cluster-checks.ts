import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import { dependent, examine, type Finding, flawOf, ok, signInCheck, skipped, summed } from './check.ts';

export interface ClusterQuestions {
  kubernetes: () => Promise<Kubernetes>;
  services: readonly Service[];
  quick: boolean;
}

const SIGN_IN = 'Kubernetes';
const WORKLOADS = 'Workloads';

/** Whether the cluster answers, as whom, and whether each service is found in it. */
export async function clusterChecks({ kubernetes, services, quick }: ClusterQuestions): Promise<Finding[]> {
  const signIn = await signInCheck(SIGN_IN, 'kubernetes', async () => {
    const { context, server, user } = await (await kubernetes()).whoAmI();
    return ok(`context ${context}${user ? ` as ${user}` : ''}, ${server}`);
  });
  if (quick) return [signIn];
  if (signIn.outcome === 'failed') return [signIn, dependent(WORKLOADS, signIn)];
  const workloads = await examine(WORKLOADS, async () => {
    if (services.length === 0) return skipped('no services are configured');
    const client = await kubernetes();
    const flaws = await Promise.all(
      services.map(({ name, target }) =>
        flawOf(name, async () => {
          await client.workload(target);
          return null;
        }),
      ),
    );
    return summed(
      flaws.flatMap((flaw) => flaw ?? []),
      `found for ${services.length === 1 ? 'the one service' : `all ${services.length} services`}`,
    );
  });
  return [signIn, workloads];
}
