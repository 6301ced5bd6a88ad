import { asOf } from '../text/age.ts';
import { plain } from '../text/plain.ts';
import { dateTime, dayTime, formatDuration, relative } from '../text/time.ts';
import type { OnCall, OnCallPerson, Responder } from './on-call.ts';
import { channelWord } from './ring-view.ts';
import type { ViewOptions } from './view.ts';

/** Who is on call, until when, who comes after; then who is rung if they do not answer. */
export function onCallView(onCall: OnCall, options: ViewOptions): string {
  const { paint, zone, now } = options;
  const at = Date.parse(onCall.at);
  const present = Math.abs(at - now) < 60_000;
  const [first, ...backups] = onCall.responders;
  const lines = [
    ...(onCall.cachedAt
      ? [
          paint.warn(
            `${paint.sign.warn} The pager does not answer. This is ${asOf(onCall.cachedAt, now)} (${dateTime(Date.parse(onCall.cachedAt), zone)}); a shift changed since then is missing.`,
          ),
        ]
      : []),
    ...(first ? firstLines(first, { options, at, present }) : ['Nobody is configured to be paged.']),
  ];
  if (backups.length > 0) {
    lines.push('If nobody acknowledges:');
    lines.push(...backups.map((backup) => backupLine(backup, options)));
  }
  return lines.join('\n');
}

function firstLines(
  { people, until, override, next }: Responder,
  { options, at, present }: { options: ViewOptions; at: number; present: boolean },
): string[] {
  const { paint, zone, now } = options;
  const when = present ? 'now' : dateTime(at, zone);
  if (people.length === 0) {
    const from = next ? Date.parse(next.from) : null;
    return [
      `${paint.bad(paint.sign.bad)} ${paint.bad(`Nobody is on call ${when}.`)}`,
      ...(next && from !== null
        ? [`  from ${dayTime(from, zone)} (${relative(from, now)}): ${names(next.people, options)}`]
        : []),
    ];
  }
  const verb = people.length > 1 ? 'are' : 'is';
  const end = until ? Date.parse(until) : null;
  const till = end === null ? '' : ` until ${momentText(end, options)}`;
  return [
    `${paint.strong(names(people, options))} ${verb} on call ${present ? 'now,' : `on ${when},`}${till}${override ? ' (override)' : ''}`,
    ...people.map((person) => `  reached by ${channelsText(person)}`),
    ...(next ? [`  then ${names(next.people, options)}, from ${momentText(Date.parse(next.from), options)}`] : []),
  ];
}

function backupLine({ afterMinutes, people, schedule }: Responder, options: ViewOptions): string {
  const after = afterMinutes === null ? '' : `after ${formatDuration(afterMinutes * 60_000)}`;
  const who =
    people.length > 0
      ? people.map((person) => `${plain(person.name)}  ${options.paint.dim(channelsText(person))}`).join('; ')
      : `nobody: no shift in ${plain(schedule ?? '')}`;
  return `  ${after.padEnd(10)}  ${who}`;
}

function momentText(at: number, { zone, now }: ViewOptions): string {
  const near = Math.abs(at - now) < 6 * 86_400_000;
  return `${near ? dayTime(at, zone) : dateTime(at, zone)} (${relative(at, now)})`;
}

function names(people: readonly OnCallPerson[], { paint }: ViewOptions): string {
  return people.map(({ name, alias }) => `${plain(name)} ${paint.dim(`(${plain(alias)})`)}`).join(' and ');
}

/** `SMS …01, call …01`; a channel that was never activated rings nobody, and is said to be so. */
function channelsText({ channels }: OnCallPerson): string {
  if (channels.length === 0) return 'nothing: no phone is set up';
  return channels
    .map(
      ({ kind, address, activated }) => `${channelWord(kind)} ${plain(address)}${activated ? '' : ' (NOT ACTIVATED)'}`,
    )
    .join(', ');
}
