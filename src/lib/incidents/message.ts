import type { Incident } from '../clients/pager/pager.ts';
import type { JournalEntry } from '../store/journal.ts';
import { formatDuration } from '../text/time.ts';
import { shortId } from './choose-incident.ts';
import type { Message } from './engage.ts';

/** Commands that say nothing about what was tried. */
const TALK = /^oncall (ack|now|who|note|page|escalate|incident|config|doctor|sandbox|drill|help)\b/;
const MOST_TRIED = 10;
const LONGEST_SMS = 140;

const IMPACTS = ['', 'critical', 'high', 'medium', 'low', 'none'];

/** What an impact is called. */
export function impactWord(impact: number): string {
  return IMPACTS[impact] ?? String(impact);
}

export interface MessageParts {
  incident: Incident;
  service: string | null;
  /** Onset as well as it is known, in milliseconds since 1970. */
  since: number;
  /** The journal of this incident, oldest first. */
  journal: readonly JournalEntry[];
  /** Who asks for help, by name. */
  from: string;
  reason: string | null;
  now: number;
  /** Removes secrets. */
  clean: (text: string) => string;
}

/**
 * What somebody is told who is woken for an incident that is under way: what is known, what was tried, who asks. The
 * text message may be read by others, so it carries only the title and who asks.
 */
export function helpMessage(parts: MessageParts): Message {
  const { incident, service, since, journal, from, reason, now, clean } = parts;
  const tried = triedSoFar(journal);
  const content = [
    incident.title,
    `Since ${utc(since)} (${formatDuration(now - since)} ago), impact ${impactWord(incident.impact)}${service ? `, service ${service}` : ''}.`,
    `${from} asks for your help${reason ? `: ${reason}` : '.'}`,
    ...(tried.length > 0 ? ['So far:', ...tried.map((line) => `- ${line}`)] : ['Nothing has been tried yet.']),
    `Take it with: oncall ack ${shortId(incident.id)}`,
  ].join('\n');
  return cleaned(
    {
      sender: from,
      subject: `${from} asks for help: ${incident.title}`,
      content,
      publicSubject: incident.title,
      publicContent: `${incident.title}. ${from} asks for your help.`,
    },
    clean,
  );
}

/** What somebody is told who is paged for a reason of its own, without an incident. */
export function pageMessage(parts: { why: string; from: string; clean: (text: string) => string }): Message {
  const { why, from, clean } = parts;
  return cleaned(
    {
      sender: from,
      subject: `${from} pages you: ${why}`,
      content: `${why}\n${from} pages you.`,
      publicSubject: `${from} pages you`,
      publicContent: why,
    },
    clean,
  );
}

/** What was done so far, one line each, oldest first: `03:12Z oncall revert dolthubapi (ok)`, and notes in their words. */
export function triedSoFar(journal: readonly JournalEntry[]): string[] {
  const lines = journal.flatMap(({ at, command, outcome, timeline }) => {
    const time = utc(Date.parse(at));
    if (/^oncall note\b/.test(command)) return timeline ? [`${time} ${timeline}`] : [];
    if (TALK.test(command)) return [];
    return [
      `${time} ${withoutManners(command)} (${outcome === 'ok' ? 'ok' : outcome.toLowerCase().replace('_', ' ')})`,
    ];
  });
  return lines.slice(-MOST_TRIED);
}

/** The command without the flags that only say how it was run. */
function withoutManners(command: string): string {
  return command.replace(/ (--yes|-y|--json|--utc|--no-input|--no-color)(?= |$)/g, '');
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)}Z`;
}

function cleaned(message: Message, clean: (text: string) => string): Message {
  const short = (text: string) => (text.length > LONGEST_SMS ? `${text.slice(0, LONGEST_SMS - 1)}…` : text);
  return {
    sender: message.sender,
    subject: clean(message.subject),
    content: clean(message.content),
    publicSubject: short(clean(message.publicSubject)),
    publicContent: short(clean(message.publicContent)),
  };
}
