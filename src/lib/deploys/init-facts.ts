import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { Login, WorkflowFacts } from './workflow-templates.ts';

export interface FactsRequest {
  service: Service;
  /** Null where no cluster is configured. */
  kubernetes: Kubernetes | null;
  image: string | null;
  container: string | null;
  login: Login;
  approval: string | null;
  queue: boolean;
}

/**
 * What the workflows of a service need to know: from the flags, else from what the cluster runs of it.
 * @returns the facts, and what was assumed, in words
 * @throws USAGE when the image's pattern is not known or has no place for the commit, or the approval would spoil the record
 */
export async function workflowFacts(request: FactsRequest): Promise<{ facts: WorkflowFacts; assumed: string[] }> {
  const { service, approval } = request;
  const { name, target, githubEnvironment, workflows } = service;
  const assumed: string[] = [];
  if (approval === githubEnvironment) {
    throw new OncallError(
      `GitHub records a deployment of the workflow's own commit for a job's environment, so ${approval} cannot be used for the approval, too.`,
      { code: 'USAGE', hint: `Make an environment of its own, for example ${approval}-approval, and name it.` },
    );
  }
  const seen = await lookAtCluster(request, assumed);
  const image = request.image ?? seen?.pattern ?? null;
  if (image === null || !/\{sha7?\}/.test(image)) {
    throw new OncallError(
      image === null
        ? `It is not known how the images of ${name} are named.`
        : `The image "${image}" has no place for the commit.`,
      {
        code: 'USAGE',
        hint: `Name the pattern, with {sha} or its first seven digits {sha7}: \`oncall deploys init ${name} --image registry.example.com/${name}:{sha7}\``,
      },
    );
  }
  const facts = {
    service: name,
    namespace: target.namespace,
    deployment: seen?.name ?? name,
    container: request.container ?? seen?.container ?? name,
    image,
    login: request.login,
    environment: githubEnvironment,
    approval,
    inputs: { sha: workflows.shaInput, reason: workflows.reasonInput, nonce: workflows.nonceInput },
    queue: request.queue,
  };
  const odd = Object.entries({
    image,
    container: facts.container,
    namespace: facts.namespace,
    approval: approval ?? '',
  });
  for (const [what, text] of odd) {
    if (!/^[\w./:@{}-]*$/.test(text))
      throw new OncallError(`The ${what} "${text}" has characters that cannot stand in a workflow.`, { code: 'USAGE' });
  }
  return { facts, assumed };
}

async function lookAtCluster(
  { kubernetes, service }: FactsRequest,
  assumed: string[],
): Promise<{ name: string; container: string | null; pattern: string | null } | null> {
  if (!kubernetes) return null;
  try {
    const [workload, pods] = await Promise.all([kubernetes.workload(service.target), kubernetes.pods(service.target)]);
    return {
      name: workload.name,
      container: pods[0]?.containers[0] ?? null,
      pattern: patternOf(workload.image),
    };
  } catch (error) {
    if (!(error instanceof OncallError) || error.code === 'INTERRUPTED') throw error;
    assumed.push(
      `The cluster did not tell what it runs, so its Deployment and container are taken to be called ${service.name}: ${error.message}`,
    );
    return null;
  }
}

/** An image whose tag is a commit, with a place for another one; null for other tags. */
function patternOf(image: string): string | null {
  const [, name, tag] = /^(.+):([0-9a-f]{7}|[0-9a-f]{40})$/.exec(image) ?? [];
  return name && tag ? `${name}:${tag.length === 7 ? '{sha7}' : '{sha}'}` : null;
}
