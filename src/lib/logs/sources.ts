import type { Pod } from '../clients/kubernetes/kubernetes.ts';
import { OncallError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { plain } from '../text/plain.ts';

/** One container of one pod. */
export interface Source {
  pod: string;
  container: string;
}

/** Which containers are wanted; null takes all. */
export interface SourceChoice {
  /** Name of a pod, or a part of it. */
  pod: string | null;
  container: string | null;
}

/** The containers of these pods that are wanted, in the order of the pods. */
export function sourcesOf(pods: readonly Pod[], choice: SourceChoice): Source[] {
  const wanted = choice.pod;
  return pods
    .filter(({ name }) => wanted === null || name === wanted || name.includes(wanted))
    .flatMap(({ name, containers }) => containers.map((container) => ({ pod: name, container })))
    .filter(({ container }) => choice.container === null || container === choice.container);
}

/**
 * Like `sourcesOf`, for a choice that must mean something.
 * @throws NOT_FOUND with what there is instead
 */
export function requireSources(pods: readonly Pod[], choice: SourceChoice): Source[] {
  const found = sourcesOf(pods, choice);
  if (found.length > 0) return found;
  const names = pods.map(({ name }) => name);
  const byPod = sourcesOf(pods, { ...choice, container: null });
  if (choice.pod !== null && byPod.length === 0) {
    throw new OncallError(`No pod is called "${plain(choice.pod)}".${didYouMean(choice.pod, names)}`, {
      code: 'NOT_FOUND',
      hint: `Choose one of: ${names.join(', ')}. The end of a name is enough.`,
    });
  }
  const containers = [...new Set(byPod.map(({ container }) => container))];
  const typed = choice.container ?? '';
  throw new OncallError(`No container is called "${plain(typed)}".${didYouMean(typed, containers)}`, {
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
