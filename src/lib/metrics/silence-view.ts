import { matcherText } from '../text/matcher-text.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { dayTime, formatDuration, relative } from '../text/time.ts';
import type { AddedSilence } from './add-silence.ts';
import { shortSilence, untilText } from './firing-view.ts';
import type { ListedSilence } from './silence-list.ts';
import type { HiddenAlert, SilencePlan } from './silence-plan.ts';
import type { ViewOptions } from './view.ts';

const MOST_SHOWN = 10;

/** What a silence would hide, for how long, and why. */
export function silencePlanView(
  plan: SilencePlan,
  options: ViewOptions & { forMs: number; untilResolved: boolean },
): string {
  const { paint, now, zone, width, forMs, untilResolved } = options;
  const { matchers, createdBy, comment } = plan.draft;
  const end = now + forMs;
  const exact = width === null ? new Date(end).toISOString() : dayTime(end, zone);
  const span = untilResolved
    ? `until the alert is resolved, ${formatDuration(forMs)} at most (${exact})`
    : `for ${formatDuration(forMs)}, until ${exact}`;
  return [
    `${paint.strong('Silence')} ${matchers.map((one) => paint.strong(plain(matcherText(one)))).join(' ')} ${span}`,
    `  by ${plain(createdBy)}: ${plain(comment)}`,
    ...hiddenLines(plan.hides, { paint, now }),
  ].join('\n');
}

function hiddenLines(hides: readonly HiddenAlert[], options: Pick<ViewOptions, 'paint' | 'now'>): string[] {
  if (hides.length === 0) return ['It hides no alert that fires now.'];
  const count = hides.length === 1 ? '1 alert that fires' : `${hides.length} alerts that fire`;
  return [`It hides ${count} now:`, ...alertLines(hides, options)];
}

/** The alerts, one a line. */
function alertLines(alerts: readonly HiddenAlert[], { paint, now }: Pick<ViewOptions, 'paint' | 'now'>): string[] {
  const more = alerts.length - MOST_SHOWN;
  return [
    ...alerts.slice(0, MOST_SHOWN).map(({ name, service, severity, since, already }) => {
      const facts = [name, service, severity].filter((text) => text !== null).map(plain);
      const silenced = already ? ' (silenced already)' : '';
      return `  ${paint.sign.bullet} ${facts.join('  ')}  for ${formatDuration(now - Date.parse(since))}${silenced}`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** What somebody should think twice about before this silence is set; one text each. */
export function silenceWarnings(
  { otherServices, wouldHide, twins, hides }: SilencePlan,
  around: { unanswered: readonly { title: string; waitingFor: string[] }[]; now: number },
): string[] {
  const list = (names: readonly string[]) => names.map(plain).join(', ');
  return [
    ...around.unanswered.map(({ title, waitingFor }) => {
      const who = waitingFor.length > 0 ? ` (${list(waitingFor)} paged, no answer)` : '';
      return `NOBODY HAS ACKNOWLEDGED "${plain(title)}"${who}. A silence does not stop a page that is out, and hides that the trouble goes on: \`oncall ack\` first.`;
    }),
    ...(otherServices.length > 0
      ? [`It also hides alerts that fire now of other services: ${list(otherServices)}.`]
      : []),
    ...(wouldHide.length > 0 ? [`It would also hide alerts, should they fire, of: ${list(wouldHide)}.`] : []),
    ...twins.map(
      ({ id, createdBy, endsAt }) =>
        `The same is silenced already by ${plain(createdBy)}, which ends ${relative(Date.parse(endsAt), around.now)} (${shortSilence(id)}).`,
    ),
    ...(hides.some(({ severity }) => severity === 'none')
      ? ['It hides the Watchdog’s kind: whoever watches the pipeline will be alarmed by its absence.']
      : []),
  ];
}

/** That it is set, when it ends, how to end it, and how to repeat it elsewhere. */
export function silenceAddedView(
  { id, endsAt, hides }: AddedSilence,
  { amtool }: SilencePlan,
  options: ViewOptions & { untilResolved: boolean },
): string {
  const { paint, untilResolved } = options;
  const count = hides === 1 ? '1 alert' : `${hides} alerts`;
  return [
    `${paint.good(paint.sign.good)} Silenced: ${count} hidden now. Id ${id}`,
    `  ends ${untilText(endsAt, options)}${untilResolved ? ', unless it is renewed' : ''}`,
    `  ${paint.dim('the same with amtool:')} ${amtool}`,
    `${paint.sign.next} next: ${paint.command(`oncall silence end ${shortSilence(id)}`)} ends it early`,
  ].join('\n');
}

/** What the incident's timeline says of it; it is read in many zones, so in UTC. */
export function silenceNote(
  { draft, hides }: SilencePlan,
  { endsAt }: { endsAt: string },
  untilResolved: boolean,
): string {
  const names = [...new Set(hides.map(({ name, service }) => [name, service].filter(Boolean).join(' of ')))];
  const what = names.length > 0 && names.length <= 3 ? names.join(', ') : draft.matchers.map(matcherText).join(' ');
  const end = untilResolved ? 'until it is resolved' : `until ${utcMinute(endsAt)}`;
  return plain(`Silenced ${what} ${end}: ${draft.comment}`);
}

/** `2026-11-24 03:12Z` */
export function utcMinute(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** All silences in a table. */
export function silencesView(
  silences: readonly ListedSilence[],
  options: ViewOptions & { mine: boolean; ended: boolean },
): string {
  const { paint, now, width, mine, ended } = options;
  if (silences.length === 0) {
    const of = mine ? ' of yours' : '';
    return `${paint.good(paint.sign.good)} No silence${of} is in force or to come${ended ? ', and none ended within the hour' : ''}.`;
  }
  const rows = table(
    silences,
    [
      { title: 'ID', cell: ({ id }) => (width === null ? id : shortSilence(id)) },
      { title: 'STATE', cell: ({ state }) => state },
      { title: 'MATCHERS', cell: ({ matchers }) => plain(matchers.join(' ')), shrink: true },
      { title: 'BY', cell: ({ createdBy }) => plain(createdBy), shrink: true },
      { title: 'COMMENT', cell: ({ comment }) => plain(comment), shrink: true },
      { title: 'STARTED', cell: ({ startsAt }) => when(startsAt, options) },
      { title: 'ENDS', cell: ({ endsAt }) => when(endsAt, options) },
      { title: 'HIDES', cell: ({ hides }) => String(hides.length) },
    ],
    width,
  );
  if (width === null) return rows;
  const first = silences.find(({ state }) => state !== 'expired');
  const next = first ? `oncall silence end ${shortSilence(first.id)}` : 'oncall alerts';
  const soon = silences.find(
    ({ state, endsAt, hides }) => state === 'active' && hides.length > 0 && Date.parse(endsAt) - now < 600_000,
  );
  return [
    rows,
    ...(soon
      ? [
          `${paint.warn(paint.sign.warn)} ${shortSilence(soon.id)} ends ${relative(Date.parse(soon.endsAt), now)}; what it hides is heard then.`,
        ]
      : []),
    `${paint.sign.next} next: ${paint.command(next)}`,
  ].join('\n');
}

function when(at: string, { now, width }: ViewOptions): string {
  return width === null ? at : relative(Date.parse(at), now);
}

/** What ends, and what is heard then. */
export function endPlanView(silences: readonly ListedSilence[], { paint, now }: ViewOptions): string {
  const heard = silences.flatMap(({ hides }) => hides);
  return [
    ...silences.map(
      (silence) =>
        `${paint.strong('End the silence')} ${shortSilence(silence.id)} ${plain(silence.matchers.join(' '))}, by ${plain(silence.createdBy)}: ${plain(silence.comment)}`,
    ),
    ...(heard.length === 0
      ? ['It hides nothing now.']
      : [
          `${paint.warn(paint.sign.warn)} ${heard.length === 1 ? 'This alert still fires, and may page' : 'These alerts still fire, and may page'} at once:`,
          ...alertLines(
            heard.map((alert) => ({ ...alert, already: false })),
            { paint, now },
          ),
        ]),
  ].join('\n');
}
