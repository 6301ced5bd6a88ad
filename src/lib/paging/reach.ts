import type { Contact, Directory, EscalationPlan, PathStep, Person, Reached } from './contact.ts';

export const MINUTE = 60_000;

/** When each stage of a plan begins, in milliseconds after the first one. */
export function stageOffsets(stages: readonly { minutes: number }[]): number[] {
  let offset = 0;
  return stages.map(({ minutes }) => {
    const begins = offset;
    offset += minutes * MINUTE;
    return begins;
  });
}

/** The people on shift at `at`, or the one person. A plan has nobody of its own. */
function peopleOf(contact: Contact | undefined, at: number): readonly string[] {
  switch (contact?.kind) {
    case 'person':
      return [contact.id];
    case 'schedule':
      return [
        ...new Set(
          contact.shifts.filter(({ from, until }) => from <= at && at < until).flatMap(({ people }) => people),
        ),
      ];
    default:
      return [];
  }
}

function reachedThrough(directory: Directory, target: Contact | undefined, at: number, by: Omit<Reached, 'person'>) {
  const reached: Reached[] = [];
  for (const id of peopleOf(target, at)) {
    const person = directory(id);
    if (!target || person?.kind !== 'person') continue;
    const steps: PathStep[] = [{ contact: target.id, kind: target.kind, stage: by.stage }];
    if (target.kind !== 'person') steps.push({ contact: person.id, kind: 'person', stage: by.stage });
    reached.push({ ...by, person: id, path: [...by.path, ...steps] });
  }
  return reached;
}

/**
 * Whom stage `stage` of a plan reaches if it begins at `at`: a schedule stands for the people on shift at that very
 * instant. Someone named by two targets is reached once, and counts as essential if either is.
 */
export function reachedByStage(directory: Directory, plan: EscalationPlan, when: { stage: number; at: number }) {
  const { stage, at } = when;
  const found = new Map<string, Reached>();
  for (const { contact, essential } of plan.stages[stage]?.targets ?? []) {
    const path: PathStep[] = [{ contact: plan.id, kind: 'plan', stage: null }];
    for (const reached of reachedThrough(directory, directory(contact), at, { stage, essential, path })) {
      const before = found.get(reached.person);
      if (!before) found.set(reached.person, reached);
      else if (essential) found.set(reached.person, { ...before, essential });
    }
  }
  return [...found.values()];
}

/** Whom engaging a person or a schedule reaches at `at`, without any plan. */
export function reachedDirectly(directory: Directory, contact: Contact, at: number): Reached[] {
  return reachedThrough(directory, contact, at, { stage: null, essential: true, path: [] });
}

/**
 * Whether an escalation plan goes no further, given how each person who acknowledged was reached. One acknowledgement
 * through an essential target is enough; one through any other target silences only the person who gave it.
 * https://docs.aws.amazon.com/incident-manager/latest/APIReference/API_SSMContacts_ContactTargetInfo.html
 */
export function endsPlan(acknowledged: readonly Reached[]): boolean {
  return acknowledged.some(({ essential }) => essential);
}

/** One attempt on one channel, `offset` milliseconds after the person was first engaged. */
export interface Attempt {
  offset: number;
  channel: string;
  /** 1 for the first, 2 for the first repetition, … */
  attempt: number;
}

/**
 * Every ring of a person's own plan, in order, if they never answer. A channel that is gone or not activated is
 * passed over, and its stage still takes its time.
 */
export function attemptsOf(person: Person): Attempt[] {
  const usable = new Set(person.channels.filter(({ activated }) => activated).map(({ id }) => id));
  const offsets = stageOffsets(person.stages);
  const attempts = person.stages.flatMap(({ minutes, channels }, stage) =>
    channels
      .filter(({ channel }) => usable.has(channel))
      .flatMap(({ channel, retryMinutes }) => {
        const count = retryMinutes ? Math.max(1, Math.ceil(minutes / retryMinutes)) : 1;
        return Array.from({ length: count }, (_, i) => ({
          offset: (offsets[stage] as number) + i * (retryMinutes ?? 0) * MINUTE,
          channel,
          attempt: i + 1,
        }));
      }),
  );
  return attempts.sort((a, b) => a.offset - b.offset);
}
