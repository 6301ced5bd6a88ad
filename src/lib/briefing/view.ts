import type { Deploy } from '../deploys/deploy.ts';
import { shortSha } from '../deploys/deploy.ts';
import { impactView, type ViewOptions } from '../metrics/view.ts';
import { ageNote } from '../text/age.ts';
import { plain } from '../text/plain.ts';
import { clockTime, formatDuration, relative } from '../text/time.ts';
import type { Briefing } from './brief.ts';

/** Titles of the parts, all as wide as the widest, so that the eye finds what it looks for. */
const LABEL_WIDTH = 9;

/** The card: one part a line or two, in the order in which it is needed, and the next command at its end. */
export function briefingView(briefing: Briefing, options: ViewOptions): string {
  const { paint } = options;
  const width = options.width === null ? null : options.width - LABEL_WIDTH;
  const { cachedAt } = briefing;
  const aged = (text: string, at: string | null) => `${text}${paint.dim(ageNote(at, options.now))}`;
  const eachAged = (text: string, at: string | null) =>
    text
      .split('\n')
      .map((line) => aged(line, at))
      .join('\n');
  const lines = [
    ...labelled('impact', eachAged(impactText(briefing, { ...options, width }), cachedAt.impact), options),
    ...(briefing.graph && (cachedAt.impact || !briefing.impact)
      ? labelled('graph', paint.link(plain(briefing.graph)), options)
      : []),
    ...labelled('changed', eachAged(changedText(briefing, options), cachedAt.changes), options),
    ...labelled('silences', eachAged(silencesText(briefing, options), cachedAt.silences), options),
    ...labelled('runbook', aged(runbookText(briefing), cachedAt.runbook), options),
    ...briefing.missing.map((missing) => `${paint.warn(paint.sign.warn)} ${plain(missing)}`),
    `${paint.sign.next} next: ${paint.command(nextCommand(briefing))}`,
  ];
  return lines.join('\n');
}

/** What most often helps next: put a suspicious deploy back, else look at the logs, else say what it is about. */
export function nextCommand({ changes, lastGood, service }: Briefing): string {
  if (!service) return 'oncall incident link SERVICE';
  if (changes?.[0] && lastGood && changes[0].service === service) return `oncall revert`;
  return `oncall logs ${service}`;
}

function labelled(label: string, text: string, { paint }: ViewOptions): string[] {
  return text.split('\n').map((line, i) => `${paint.dim((i === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`);
}

function impactText({ impact, service }: Briefing, options: ViewOptions): string {
  if (impact) return impactView(impact, options);
  return service ? 'not known' : 'not known: it is not clear which service this is about';
}

function changedText({ changes, service }: Briefing, { paint, zone }: ViewOptions): string {
  if (!changes) return 'not known';
  if (changes.length === 0) return service ? 'no deploy near the onset' : 'not known';
  return changes
    .slice(0, 3)
    .map((deploy) => `${paint.warn(paint.ascii ? '*' : '★')} ${changeText(deploy, zone)}`)
    .join('\n');
}

function changeText(
  { service, sha, title, author, suspect, succeededAt, startedAt, state }: Deploy,
  zone: ViewOptions['zone'],
): string {
  const gap = suspect?.beforeOnsetSeconds ?? 0;
  const distance = `${formatDuration(gap * 1000)} ${gap >= 0 ? 'before' : 'after'} the onset`;
  const what = [plain(title ?? ''), author ? `by ${plain(author)}` : ''].filter(Boolean).join(' ');
  const when = clockTime(Date.parse(succeededAt ?? startedAt), zone);
  const how = state === 'succeeded' ? 'deployed' : state === 'running' ? 'still rolling out,' : 'deploy failed,';
  return `${plain(service)} ${shortSha(plain(sha))} ${what}, ${how} ${distance} (${when})`;
}

function silencesText({ silences }: Briefing, { zone, now }: ViewOptions): string {
  if (!silences) return 'not known';
  if (silences.length === 0) return 'none ended within the hour';
  return silences
    .map(
      ({ endedAt, createdBy, comment }) =>
        `one of ${plain(createdBy)} ended ${relative(Date.parse(endedAt), now)} (${clockTime(Date.parse(endedAt), zone)}): ${plain(comment)}`,
    )
    .join('\n');
}

function runbookText({ runbook }: Briefing): string {
  if (!runbook) return 'none is configured';
  const { firstStep, path } = runbook;
  if (!firstStep) return plain(path);
  return `${firstStep.stage ? `${plain(firstStep.stage)}: ` : ''}${plain(firstStep.text)}  (${plain(path)})`;
}
