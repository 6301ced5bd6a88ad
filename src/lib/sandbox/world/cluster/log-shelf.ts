import type { ContainerLog } from './container-log.ts';

/**
 * The logs that the nodes still have, by container ID: of each container its latest run and the one before. Older
 * runs are gone, as they are from a kubelet; a removed pod's logs are gone altogether.
 */
export class LogShelf {
  readonly #logs = new Map<string, ContainerLog>();
  /** Container IDs of each pod's containers, newest last. */
  readonly #runs = new Map<string, Map<string, string[]>>();

  add(of: { podUid: string; container: string; containerID: string }, log: ContainerLog): void {
    const containers = this.#runs.get(of.podUid) ?? new Map<string, string[]>();
    const runs = [...(containers.get(of.container) ?? []), of.containerID];
    for (const old of runs.splice(0, runs.length - 2)) this.#logs.delete(old);
    containers.set(of.container, runs);
    this.#runs.set(of.podUid, containers);
    this.#logs.set(of.containerID, log);
  }

  find(containerID: string): ContainerLog | undefined {
    return this.#logs.get(containerID);
  }

  removePod(podUid: string): void {
    for (const runs of this.#runs.get(podUid)?.values() ?? []) {
      for (const containerID of runs) this.#logs.delete(containerID);
    }
    this.#runs.delete(podUid);
  }
}
