import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { OncallError } from '../lib/errors.ts';
import { isOut } from '../lib/incidents/incident-at-hand.ts';
import { covers, type OnCall, onCallAt, type Roster, readRoster } from '../lib/incidents/on-call.ts';
import { onCallView } from '../lib/incidents/on-call-view.ts';

const HOUR = 3_600_000;

export default class Who extends OncallCommand {
  static override summary = 'Who is on call: now, next, and who is rung after them';
  static override description =
    'Taken from the escalation plan and its schedule. When the pager is down, the last answer is shown with its age.';
  static override examples = [
    { description: 'Now', command: '<%= config.bin %> who' },
    { description: 'At a certain time', command: '<%= config.bin %> who --at 2026-12-24T20:00Z' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override flags = {
    at: Flags.string({ summary: 'Another moment, as ISO 8601; without a zone, in local time', helpValue: 'TIME' }),
  };

  async run(): Promise<OnCall> {
    const { flags } = await this.parse(Who);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const at = flags.at === undefined ? context.now() : moment(flags.at);
    const { roster, cached } = await this.#roster(context, at);
    const onCall = onCallAt(roster, at, cached);
    this.say(onCallView(onCall, { paint, zone: context.zone, now: context.now() }));
    const first = onCall.responders[0]?.people[0]?.alias;
    if (first) this.say(`${paint.sign.next} next: ${paint.command(`oncall page ${first} "why"`)} rings them`);
    return onCall;
  }

  async #roster(context: Context, at: number): Promise<{ roster: Roster; cached: boolean }> {
    const { escalation, connection } = await context.config();
    const key = `roster ${connection.world} ${connection.environment} ${connection.aws.region} ${connection.aws.endpoint ?? ''} ${escalation.plan ?? ''} ${escalation.schedule ?? ''}`;
    const now = context.now();
    try {
      const roster = await readRoster(await context.pager(), escalation, { at, now });
      if (Math.abs(at - now) < HOUR) await context.cache.put(key, roster, now);
      return { roster, cached: false };
    } catch (error) {
      const kept = isOut(error) ? await context.cache.get<Roster>(key) : null;
      if (!kept || !covers(kept.value, at)) throw error;
      return { roster: kept.value, cached: true };
    }
  }
}

function moment(text: string): number {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new OncallError(`"${text}" is not a time.`, {
    code: 'USAGE',
    hint: 'Write it as ISO 8601, for example 2026-12-24T20:00Z.',
  });
}
