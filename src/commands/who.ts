import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { OncallError } from '../lib/errors.ts';
import { type OnCall, onCallAt } from '../lib/incidents/on-call.ts';
import { onCallView } from '../lib/incidents/on-call-view.ts';
import { knownRoster } from '../lib/incidents/roster.ts';

export default class Who extends OncallCommand {
  static override summary = 'Who is on call: now, next, and who is rung after them';
  static override description =
    'Taken from the escalation plan and its schedule. The shifts of four weeks are kept here: when the pager is down, they tell who is on call now, with their age.';
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
    const [{ escalation }, memory] = await Promise.all([context.config(), context.memory()]);
    const known = await knownRoster({ pager: () => context.pager(), wanted: escalation, memory, at, waitOn: true });
    if (known.trouble) this.caution(known.trouble.message);
    const onCall = onCallAt(known.value, at, known.cachedAt !== null);
    this.say(onCallView(onCall, { paint, zone: context.zone, now: context.now() }));
    const first = onCall.responders[0]?.people[0]?.alias;
    if (first) this.say(`${paint.sign.next} next: ${paint.command(`oncall page ${first} "why"`)} rings them`);
    return onCall;
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
