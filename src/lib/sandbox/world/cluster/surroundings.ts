import type { Behaviour, ServiceSpec } from '../catalog.ts';
import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { LifeBook } from './life-book.ts';
import type { LogShelf } from './log-shelf.ts';
import type { ObjectStore } from './object-store.ts';

/** What an image does once it runs; `missing-image`: the registry has no such image. */
export type ImageBehaviour = Behaviour | 'missing-image';

/** What every part of the cluster works on. */
export interface Surroundings {
  store: ObjectStore;
  clock: WorldClock;
  random: Random;
  recorder: EventRecorder;
  lives: LifeBook;
  logs: LogShelf;
  behaviourOf(image: string): ImageBehaviour;
  /** The service of a pod's `app` label; undefined for a workload that the catalogue does not know. */
  service(name: string | undefined): ServiceSpec | undefined;
  /** The commit that an image was built from, or its tag where nobody said. */
  shaOf(image: string): string;
}
