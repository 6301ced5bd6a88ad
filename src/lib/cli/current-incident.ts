import { StateFile } from '../store/journal.ts';

/** The incident that the last commands were about, so that a bare verb means it. */
export interface CurrentIncident {
  id: string;
  title: string;
  /** Who worked on it here, so that the journal can say it without asking anybody. */
  me: string | null;
}

function file(stateDirectory: string): StateFile<CurrentIncident | null> {
  return new StateFile(stateDirectory, 'incident');
}

export function readCurrent(stateDirectory: string): Promise<CurrentIncident | null> {
  return file(stateDirectory).read();
}

export async function writeCurrent(stateDirectory: string, current: CurrentIncident | null): Promise<void> {
  await file(stateDirectory).tryUpdate(() => current && { id: current.id, title: current.title, me: current.me });
}
