import type { Comparison, WorkflowRun } from '../clients/github/github.ts';
import { delicateFiles, someNames } from '../deploys/changed-files.ts';
import type { DeployHistory } from '../deploys/history.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';
import { formatDuration } from '../text/time.ts';

/** Something about a plan that a person has to have read. */
export interface RevertWarning {
  kind:
    | 'migrations'
    | 'configuration'
    | 'runs ahead'
    | 'diverged'
    | 'forward'
    | 'old'
    | 'ran long'
    | 'no proof'
    | 'unknown changes'
    | 'weak history'
    | 'unknown now';
  text: string;
}

const OLD_MS = 14 * 86_400_000;
/** A commit that ran this long before the onset is hardly what broke. */
const LONG_MS = 30 * 60_000;
export interface WarningFacts {
  history: Pick<DeployHistory, 'source' | 'now'>;
  /** Null when it could not be had. */
  comparison: Comparison | null;
  /** When the target was deployed, in milliseconds since 1970. */
  targetAt: number;
  /** When the current commit was deployed, in milliseconds since 1970; null if it is not known. */
  currentAt: number | null;
  onset: number | null;
  hasAlert: boolean;
  runsAhead: readonly WorkflowRun[];
  now: number;
}

/** Everything that should make a person stop and think, the gravest first. Pure. */
export function revertWarnings(facts: WarningFacts): RevertWarning[] {
  const { history, comparison, targetAt, currentAt, onset, now } = facts;
  const found: RevertWarning[] = [];
  const warn = (kind: RevertWarning['kind'], text: string) => found.push({ kind, text });
  const { migrations, settings } = delicateFiles(comparison?.files ?? []);
  if (migrations.length > 0) warn('migrations', `A database migration does not roll back: ${someNames(migrations)}`);
  if (settings.length > 0)
    warn('configuration', `Configuration or secrets may not go back with the code: ${someNames(settings)}`);
  if (comparison?.status === 'diverged')
    warn('diverged', 'The two commits have diverged: neither is the other one’s past, so both sides have changes.');
  if (comparison?.status === 'behind') warn('forward', 'This goes forward: the target is newer than what runs now.');
  for (const run of facts.runsAhead)
    warn(
      'runs ahead',
      `${plain(run.title)} (${plain(run.workflow)}) is ${STATUS[run.status]}, and goes first: ${run.url}`,
    );
  if (now - targetAt > OLD_MS) warn('old', `The target went out ${formatDuration(now - targetAt)} ago.`);
  if (onset !== null && currentAt !== null && onset - currentAt > LONG_MS)
    warn(
      'ran long',
      `What runs now had run ${formatDuration(onset - currentAt)} when the trouble began: it may not be this change.`,
    );
  if (!comparison) warn('unknown changes', 'GitHub does not tell what lies between the two commits.');
  else if (comparison.truncated)
    warn('unknown changes', `GitHub does not list all that lies between: look at ${comparison.url}`);
  if (history.source === 'replica sets')
    warn('weak history', 'The history comes from the cluster, which does not tell whether a revision ever worked.');
  if (history.now?.from !== 'cluster')
    warn('unknown now', 'The cluster does not say what runs now; the newest successful deploy is taken for it.');
  if (!facts.hasAlert) warn('no proof', 'No alert expression is known, so recovery can only be judged by the pods.');
  return found;
}

/** How a run stands, in words that follow "is". */
const STATUS: Record<WorkflowRun['status'], string> = {
  queued: 'queued',
  pending: 'queued',
  requested: 'queued',
  waiting: 'waiting for an approval',
  in_progress: 'running',
  completed: 'over',
};

/**
 * `--yes` answers the question and not the warnings: those have to be accepted by themselves.
 * @throws REFUSED naming the warnings
 */
export function refuseWarnings(
  warnings: readonly { text: string }[],
  given: { yes: boolean; accepted: boolean },
): void {
  if (!given.yes || given.accepted || warnings.length === 0) return;
  throw new OncallError(
    `--yes does not accept the plan's warnings:\n${warnings.map(({ text }) => `  ${plain(text)}`).join('\n')}`,
    { code: 'REFUSED', hint: 'Read them, then repeat with --yes --accept-warnings.' },
  );
}
