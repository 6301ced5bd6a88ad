import type { Directory, EscalationPlan, Reached } from './contact.ts';
import { attemptsOf, endsPlan, MINUTE, reachedByStage, reachedDirectly, stageOffsets } from './reach.ts';
import { inOrder, type Ring, ringsOf } from './rings.ts';

/** A page as the pager shows it: one ring that has happened. */
export interface PageSoFar {
  person: string;
  /** Stage of the plan that led to it; null if no plan was engaged. */
  stage: number | null;
  sentAt: number;
  /** When its person acknowledged it, or null. */
  readAt: number | null;
}

/** One engagement as far as it has come. */
export interface EngagementSoFar {
  /** The person, schedule or plan that was engaged. */
  contact: string;
  startedAt: number;
  /** null while nobody stopped it. */
  stoppedAt: number | null;
  /** In any order. */
  pages: readonly PageSoFar[];
}

/** A stage that has not begun, whom it will reach (perhaps nobody), and every ring that it will bring. */
export interface StageToCome {
  stage: number;
  at: number;
  reached: readonly Reached[];
  rings: readonly Ring[];
}

/** A stage whose time passed longer ago than this, and of which no page is seen, is taken to have reached nobody. */
export const PAGE_LAG = MINUTE;

/** The pages that one stage sent to one person, oldest first, and how that person was reached. */
interface Told {
  reached: Reached;
  /** When the person's own plan began. */
  since: number;
  pages: readonly PageSoFar[];
  /** Whether that person acknowledged since, here or on a page of another stage. */
  answered: boolean;
}

function howReached(directory: Directory, contact: string, page: PageSoFar): Reached {
  const engaged = directory(contact);
  const { person, stage, sentAt: at } = page;
  const candidates =
    engaged?.kind === 'plan' && stage !== null
      ? reachedByStage(directory, engaged, { stage, at })
      : engaged
        ? reachedDirectly(directory, engaged, at)
        : [];
  // Whoever was paged was reached, even if the rota has been edited since; then any essential target may be the reason.
  const stageIsEssential = engaged?.kind === 'plan' && stage !== null && hasEssential(engaged, stage);
  const essential = engaged?.kind === 'plan' ? stageIsEssential : true;
  return candidates.find((reached) => reached.person === person) ?? { person, stage, essential, path: [] };
}

function hasEssential(plan: EscalationPlan, stage: number): boolean {
  return plan.stages[stage]?.targets.some(({ essential }) => essential) ?? false;
}

function toldSoFar(directory: Directory, engagement: EngagementSoFar): Told[] {
  const groups = new Map<string, PageSoFar[]>();
  for (const page of [...engagement.pages].sort((a, b) => a.sentAt - b.sentAt)) {
    const key = `${page.stage} ${page.person}`;
    groups.set(key, [...(groups.get(key) ?? []), page]);
  }
  return [...groups.values()].map((pages) => {
    const [first] = pages as [PageSoFar];
    const person = directory(first.person);
    const delay = person?.kind === 'person' ? (attemptsOf(person)[0]?.offset ?? 0) : 0;
    const since = first.sentAt - delay;
    const answered = engagement.pages.some(({ person, readAt }) => person === first.person && (readAt ?? -1) >= since);
    return { reached: howReached(directory, engagement.contact, first), since, pages, answered };
  });
}

/**
 * The stages that will still begin, in order. The latest stage that is seen to have begun sets the clock for the rest,
 * so that a pager which runs late is followed rather than contradicted. Empty once the engagement was stopped, or
 * once someone reached through an essential target has acknowledged any of their pages.
 */
export function stagesToCome(directory: Directory, engagement: EngagementSoFar, now: number): StageToCome[] {
  const plan = directory(engagement.contact);
  if (plan?.kind !== 'plan' || engagement.stoppedAt !== null) return [];
  const told = toldSoFar(directory, engagement);
  if (endsPlan(told.filter(({ answered }) => answered).map(({ reached }) => reached))) return [];

  const latest = Math.max(-1, ...told.map(({ reached }) => reached.stage ?? -1));
  const offsets = stageOffsets(plan.stages);
  const begun = told.filter(({ reached }) => reached.stage === latest).map(({ since }) => since);
  const zero = latest < 0 ? engagement.startedAt : Math.min(...begun) - (offsets[latest] ?? 0);
  return offsets
    .map((offset, stage) => ({ stage, at: zero + offset }))
    .filter(({ stage, at }) => stage > latest && at >= now - PAGE_LAG)
    .map(({ stage, at }) => {
      const reached = reachedByStage(directory, plan, { stage, at });
      return { stage, at, reached, rings: inOrder(reached.flatMap((one) => ringsOf(directory, one, at))) };
    });
}

/**
 * Every ring still to come if nobody does anything more: what the own plans of those already paged still hold, and the
 * stages that will still begin. An acknowledgement silences the person who gave it, for every stage that had reached
 * them by then; other people's own plans run on
 * even when it ends the escalation plan.
 */
export function ringsToCome(directory: Directory, engagement: EngagementSoFar, now: number): Ring[] {
  if (engagement.stoppedAt !== null) return [];
  const told = toldSoFar(directory, engagement);
  const unfinished = told
    .filter(({ answered }) => !answered)
    .flatMap(({ reached, since, pages }) => ringsOf(directory, reached, since).slice(pages.length))
    .filter(({ at }) => at >= now - PAGE_LAG);
  const first = told.length === 0 ? firstRings(directory, engagement, now) : [];
  const stages = stagesToCome(directory, engagement, now).flatMap(({ rings }) => rings);
  return inOrder([...unfinished, ...first, ...stages]);
}

/** A person or a schedule that was engaged so recently that no page is seen yet. */
function firstRings(directory: Directory, { contact, startedAt }: EngagementSoFar, now: number): Ring[] {
  const engaged = directory(contact);
  if (!engaged || engaged.kind === 'plan') return [];
  return reachedDirectly(directory, engaged, startedAt)
    .flatMap((reached) => ringsOf(directory, reached, startedAt))
    .filter(({ at }) => at >= now - PAGE_LAG);
}
