import { ageNote, asOf } from '../text/age.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { type Column, table } from '../text/table.ts';
import { clockTime, dayTime, formatDuration, relative, type Zone } from '../text/time.ts';
import { type Deploy, type Suspicion, shortSha } from './deploy.ts';
import type { Drift } from './drift.ts';
import type { HistorySource } from './github-history.ts';
import { type RunningNow, reaches } from './history.ts';
import type { DeploysResult } from './list-deploys.ts';
import { effectiveAt } from './suspects.ts';

export interface ViewOptions {
  paint: Paint;
  zone: Zone;
  /** Milliseconds since 1970. */
  now: number;
  /** Columns of the terminal; null when the output is not one, and times are given exactly. */
  width: number | null;
}

const SOURCES: Record<HistorySource, string> = {
  deployments: "GitHub's deployments",
  'workflow runs': 'the runs of the deploy and revert workflows, since GitHub records no deployments',
  'replica sets': "the cluster's replica sets, which do not tell who deployed or whether it worked",
};

/** `Cache statistics (#427)`, or what else is known of a change. */
export function changeName({ title, pull }: Pick<Deploy, 'title' | 'pull'>): string {
  if (!title) return pull ? `#${pull}` : '(no title known)';
  return pull ? `${plain(title)} (#${pull})` : plain(title);
}

/** `4m before onset`; never more than that. */
export function nearness({ beforeOnsetSeconds }: Suspicion): string {
  const span = formatDuration(beforeOnsetSeconds * 1000);
  if (beforeOnsetSeconds === 0) return 'at the onset';
  return `${span} ${beforeOnsetSeconds > 0 ? 'before' : 'after'} onset`;
}

/** `3f2c1a9, 2 of 3 pods ready`. */
export function runningNow(now: RunningNow): string {
  const pods = now.desired === null ? '' : `, ${now.ready} of ${now.desired} pods ready`;
  return `${shortSha(plain(now.sha))}${pods}`;
}

/** The deploys of one service, or of all: the outcome first, then the table, then what to do. */
export function deploysView(result: DeploysResult, options: ViewOptions): string {
  const { paint } = options;
  const alone = result.services.length === 1;
  const lines = [...oldLines(result, options), headline(result, options)];
  for (const { source, cachedAt, now, service } of alone ? result.services : []) {
    const from = now?.from === 'history' ? ' (by the history: the cluster did not say)' : '';
    const [runs, told] = [ageNote(now?.cachedAt ?? null, options.now), ageNote(cachedAt, options.now)];
    if (now)
      lines.push(
        paint.dim(`${service} runs ${runningNow(now)}${from}${runs}. History from ${SOURCES[source]}${told}.`),
      );
  }
  for (const { service, drift } of result.services) if (drift) lines.push(driftText(service, drift, options));
  if (result.deploys.length > 0) {
    lines.push('', table(result.deploys, columns(alone, options), options.width));
    lines.push(...legend(result, options));
  }
  if (result.more > 0) lines.push(paint.dim(`${result.more} older not shown; see more with --since 7d -n 50.`));
  lines.push('', next(result, options));
  return lines.join('\n');
}

/** Before anything else, what is old. */
function oldLines({ services }: DeploysResult, { paint, now }: ViewOptions): string[] {
  const old = services.filter(({ cachedAt }) => cachedAt !== null);
  const oldest = old.map(({ cachedAt }) => cachedAt ?? '').sort()[0];
  if (!oldest) return [];
  const whose = old.length === services.length ? 'This is' : `${old.map(({ service }) => service).join(', ')}:`;
  return [paint.warn(`${paint.sign.warn} ${whose} ${asOf(oldest, now)}. A later deploy may be missing.`)];
}

function headline(result: DeploysResult, { paint, zone, now }: ViewOptions): string {
  const { services, deploys, onset } = result;
  const [only] = services.length === 1 ? services : [];
  const [newest] = deploys;
  const span = formatDuration(now - Date.parse(result.since));
  if (!only) {
    const count = deploys.length === 1 ? '1 deploy' : `${deploys.length || 'No'} deploys`;
    return `${count} of ${services.length} services in the last ${span}.`;
  }
  if (!newest) return `No deploy of ${only.service} is known.`;
  const suspect = deploys.find((deploy) => deploy.suspect?.rank === 1);
  const began = onset ? ` (${clockTime(Date.parse(onset), zone)})` : '';
  if (suspect?.suspect) {
    const near = `${shortSha(suspect.sha)} was deployed ${nearness(suspect.suspect)}${began}`;
    return `${paint.warn(signs(paint).suspect)} ${paint.strong(near)}: ${changeName(suspect)}${by(suspect)}`;
  }
  const at = effectiveAt(newest);
  if (onset) {
    const before = Date.parse(onset) - at;
    const last =
      before > 0 ? `the newest went out ${formatDuration(before)} before` : `the newest went out ${relative(at, now)}`;
    if (!reaches(only, Date.parse(onset)))
      return `It is not known what went out shortly before onset${began}: of what is known, ${last}.`;
    return `No deploy of ${only.service} went out shortly before onset${began}: ${last}.`;
  }
  return `${only.service} was last deployed ${relative(at, now)} (${dayTime(at, zone)}): ${changeName(newest)}${by(newest)}`;
}

/** That the cluster and GitHub's record have gone apart, by whom, and how to bring them together. */
export function driftText(service: string, drift: Drift, { paint, zone, now }: ViewOptions): string {
  const { runs, recorded, rolledBack } = drift;
  const warn = paint.warn(paint.sign.warn);
  const at = Date.parse(rolledBack?.at ?? '');
  const how = rolledBack
    ? `put back in the cluster by ${plain(rolledBack.by)} ${relative(at, now)} (${dayTime(at, zone)}): ${plain(rolledBack.reason)}`
    : 'somebody changed the cluster past its workflows';
  const together = paint.command(`oncall revert ${service} --to ${shortSha(plain(runs))}`);
  return [
    `${warn} ${service}: the cluster runs ${shortSha(plain(runs))}, and GitHub's last deployment says ${shortSha(plain(recorded))}: ${how}.`,
    `  ${together} brings the record together; until then the next deploy may bring ${shortSha(plain(recorded))} back.`,
  ].join('\n');
}

function by({ author }: Deploy): string {
  return author ? `, by ${plain(author)}` : '';
}

function signs(paint: Paint): { current: string; suspect: string; lastGood: string } {
  return paint.ascii ? { current: '>', suspect: '*', lastGood: '<' } : { current: '▶', suspect: '★', lastGood: '↩' };
}

function marks(deploy: Deploy, paint: Paint): string {
  const sign = signs(paint);
  return [
    deploy.current ? sign.current : ' ',
    deploy.suspect ? paint.warn(sign.suspect) : deploy.lastGood ? paint.good(sign.lastGood) : ' ',
  ].join('');
}

function columns(alone: boolean, { paint, zone, now, width }: ViewOptions): Column<Deploy>[] {
  const when = (deploy: Deploy) => {
    const at = effectiveAt(deploy);
    return width === null ? new Date(at).toISOString() : `${dayTime(at, zone)}, ${relative(at, now)}`;
  };
  const ran = ({ ranSeconds, current }: Deploy) =>
    ranSeconds === null ? '-' : `${formatDuration(ranSeconds * 1000)}${current ? ' so far' : ''}`;
  const all: (Column<Deploy> | null)[] = [
    width === null ? null : { title: '', cell: (deploy) => marks(deploy, paint) },
    { title: 'WHEN', cell: when },
    alone ? null : { title: 'SERVICE', cell: ({ service }) => service },
    { title: 'COMMIT', cell: ({ sha }) => (width === null ? plain(sha) : shortSha(plain(sha))), shrink: true },
    { title: 'CHANGE', cell: changeName, shrink: true },
    { title: 'BY', cell: ({ author }) => plain(author ?? '-'), shrink: true },
    { title: 'STATE', cell: ({ state }) => stateWord(state, paint) },
    { title: 'RAN', cell: ran },
    width === null ? { title: 'NOTE', cell: note } : null,
  ];
  return all.filter((column) => column !== null);
}

function stateWord(state: Deploy['state'], paint: Paint): string {
  if (state === 'failed') return paint.bad('failed');
  return state === 'running' ? paint.warn('going out') : state;
}

function note(deploy: Deploy): string {
  const words = [
    deploy.current ? 'current' : null,
    deploy.suspect ? `deployed ${nearness(deploy.suspect)}` : null,
    deploy.lastGood ? 'last good' : null,
  ];
  return words.filter(Boolean).join(', ') || '-';
}

function legend({ deploys }: DeploysResult, { paint, width }: ViewOptions): string[] {
  if (width === null) return [];
  const sign = signs(paint);
  const explained = [
    deploys.some(({ current }) => current) ? `${sign.current} runs now` : null,
    deploys.some(({ suspect }) => suspect) ? `${sign.suspect} went out close to the onset` : null,
    deploys.some(({ lastGood }) => lastGood) ? `${sign.lastGood} last good: ran without an incident` : null,
  ].filter(Boolean);
  return explained.length > 0 ? [paint.dim(explained.join('   '))] : [];
}

function next({ services, deploys, onset }: DeploysResult, { paint }: ViewOptions): string {
  const [only] = services;
  const arrow = `${paint.sign.next} next:`;
  if (!only || services.length > 1) return `${arrow} ${paint.command('oncall deploys SERVICE')}`;
  const suspect = deploys.some((deploy) => deploy.suspect);
  const canGoBack = deploys.some(({ lastGood }) => lastGood);
  if (suspect && canGoBack) return `${arrow} ${paint.command(`oncall revert ${only.service}`)}`;
  if (suspect && only.alreadyLastGood) return `${arrow} ${paint.command('oncall resolve')}`;
  return `${arrow} ${paint.command(onset ? `oncall logs ${only.service}` : `oncall graph ${only.service}`)}`;
}
