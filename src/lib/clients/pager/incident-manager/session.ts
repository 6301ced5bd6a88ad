import type { ContactKind, Identity } from '../pager.ts';
import { AwsLine, type LineOptions } from './aws-line.ts';
import { type Caller, callerOf, replicated } from './caller.ts';
import { contactKinds } from './contacts.ts';
import { Names } from './names.ts';

/** What every question to Incident Manager needs: the line, the names, and what is asked once and then remembered. */
export interface Session {
  line: AwsLine;
  names: Names;
  identity(): Promise<Identity>;
  /** Whether the account has a replication set, without which Incident Manager holds nothing. */
  enabled(): Promise<boolean>;
  /** Kinds of all contacts, by alias. */
  kinds(): Promise<ReadonlyMap<string, ContactKind>>;
}

/** Asks at most once; a failure is forgotten, so that the next try asks again. */
function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/** Connects nothing yet: the first question does. @throws CONFIG */
export function openSession(options: LineOptions): Session {
  const line = new AwsLine(options);
  const caller: () => Promise<Caller> = remembered(() => callerOf(line));
  const session: Session = {
    line,
    names: new Names(line.settings.aws.region, async () => (await caller()).home),
    identity: async () => (await caller()).identity,
    enabled: remembered(() => replicated(line)),
    kinds: remembered(() => contactKinds(session)),
  };
  return session;
}
