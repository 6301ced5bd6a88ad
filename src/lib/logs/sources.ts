import type { WatchedPod } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { plain } from '../text/plain.ts';

/** Which containers are wanted. */
export interface SourceChoice {
  /** Name of a pod, or a part of it; null takes all. */
  pod: string | null;
  /** Names of containers; empty takes all. */
  containers: readonly string[];
}

export function isWanted({ pod: wanted, containers }: SourceChoice, pod: string, container: string): boolean {
  if (containers.length > 0 && !containers.includes(container)) return false;
  return wanted === null || pod === wanted || pod.includes(wanted);
}

/**
 * Holds a choice that means nothing against what there is.
 * @throws NOT_FOUND with what could have been chosen
 */
export function requireSources(pods: readonly WatchedPod[], choice: SourceChoice): void {
  const named = pods.filter(({ name }) => isWanted({ ...choice, containers: [] }, name, ''));
  const names = pods.map(({ name }) => name);
  if (named.length === 0 && choice.pod !== null) {
    throw new OncallError(`No pod is called "${plain(choice.pod)}".${didYouMean(choice.pod, names)}`, {
      code: 'NOT_FOUND',
      hint: `Choose one of: ${names.join(', ')}. A part of a name is enough.`,
    });
  }
  const containers = [...new Set(named.flatMap(({ runs }) => runs.map(({ name }) => name)))];
  const unknown = choice.containers.find((name) => !containers.includes(name));
  if (unknown === undefined) return;
  throw new OncallError(`No container is called "${plain(unknown)}".${didYouMean(unknown, containers)}`, {
    code: 'NOT_FOUND',
    hint: `Choose one of: ${containers.join(', ')}.`,
  });
}

/**
 * The shortest end of a pod's name, at dashes, by which it differs from all the others: `x2k9d` out of
 * `dolthubapi-6d4f8-x2k9d`.
 */
export function shortPodName(pod: string, all: Iterable<string>): string {
  const others = [...all].filter((other) => other !== pod);
  const parts = pod.split('-');
  for (let count = 1; count < parts.length; count++) {
    const end = parts.slice(-count).join('-');
    if (!others.some((other) => other === end || other.endsWith(`-${end}`))) return end;
  }
  return pod;
}
