import type { Following } from '../deploys/follow-run.ts';
import type { ViewOptions } from '../deploys/view.ts';

/** How the desk speaks for a walk: to the user, and to the record. */
export interface Teller {
  say(text: string): void;
  caution(text: string): void;
  view(): ViewOptions;
  progress: { update(line: string): void; done(): void };
  /** Asks before anything is changed. @throws DECLINED, USAGE */
  agree(question: string, typed: string): Promise<void>;
  record(note: { timeline: string | null; link?: string }): Promise<void>;
}

/** What the user said beforehand. */
export interface Answers {
  yes: boolean;
  accepted: boolean;
  dryRun: boolean;
  /** Name of the environment, for the question. */
  environment: string;
}

/** Makes the question about an approval, with the comment that would go with it. */
export type ApprovalFor = (comment: string) => Following['approval'];
