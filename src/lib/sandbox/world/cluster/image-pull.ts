import type { Report } from './event-recorder.ts';
import type { ContainerState } from './objects.ts';
import type { Surroundings } from './surroundings.ts';
import type { Waits } from './waits.ts';

const REFUSED_AFTER = 800;
const NOTICED = 1000;
const FIRST_BACK_OFF = 10_000;
const LONGEST_BACK_OFF = 300_000;

export interface PullOptions {
  image: string;
  world: Surroundings;
  waits: Waits;
  tell(reason: string, message: string, type?: Report['type']): void;
  /** Whether the node has the image already; from then on it does. */
  fetchImage(image: string): boolean;
  /** The image cannot be had for now, and this is what the container's state says of it. */
  waiting(state: ContainerState): void;
  /** The image will be there in so many milliseconds of life; then `arrived` is to be called. */
  coming(inMs: number, arrived: () => void): void;
}

/** Gets an image onto the node, trying again and again, ever more rarely, if the registry does not have it. */
export function pullImage(options: PullOptions, failures = 0): void {
  const { image, world, waits, tell } = options;
  if (world.behaviourOf(image) === 'missing-image') {
    tell('Pulling', `Pulling image "${image}"`);
    waits.in(REFUSED_AFTER, () => refused(options, failures));
    return;
  }
  if (options.fetchImage(image)) {
    options.coming(0, () => tellPresent(options));
    return;
  }
  tell('Pulling', `Pulling image "${image}"`);
  const ms = world.random.between(900, 1100);
  const took = `${ms / 1000}s`;
  options.coming(ms, () =>
    tell('Pulled', `Successfully pulled image "${image}" in ${took} (${took} including waiting)`),
  );
}

/** What the kubelet says when it starts a container from an image that it has. */
export function tellPresent({ image, tell }: Pick<PullOptions, 'image' | 'tell'>): void {
  tell('Pulled', `Container image "${image}" already present on machine`);
}

function refused(options: PullOptions, failures: number): void {
  const { image, waits, tell, waiting } = options;
  const resolve = `failed to resolve reference "${image}": ${image}: not found`;
  const error = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ${resolve}`;
  tell('Failed', `Failed to pull image "${image}": ${error}`, 'Warning');
  tell('Failed', 'Error: ErrImagePull', 'Warning');
  waiting({ waiting: { reason: 'ErrImagePull', message: error } });
  waits.in(NOTICED, () => {
    const message = `Back-off pulling image "${image}"`;
    tell('BackOff', message);
    tell('Failed', 'Error: ImagePullBackOff', 'Warning');
    waiting({ waiting: { reason: 'ImagePullBackOff', message: `${message}: ErrImagePull: ${error}` } });
  });
  const wait = Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** failures);
  waits.in(NOTICED + wait, () => pullImage(options, failures + 1));
}
