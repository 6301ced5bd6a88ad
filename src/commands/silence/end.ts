import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { confirm } from '../../lib/cli/confirm.ts';
import type { Context } from '../../lib/cli/context.ts';
import { dryRunFlag, yesFlag } from '../../lib/cli/flags.ts';
import type { Alertmanager } from '../../lib/clients/alertmanager/alertmanager.ts';
import { endSilence } from '../../lib/metrics/add-silence.ts';
import { shortSilence } from '../../lib/metrics/firing-view.ts';
import {
  type ListedSilence,
  listSilences,
  severalSilences,
  silenceNamed,
  silenceTitle,
} from '../../lib/metrics/silence-list.ts';
import { endPlanView } from '../../lib/metrics/silence-view.ts';
import { deliverNotes } from '../../lib/recovery/revert-scope.ts';
import { plain } from '../../lib/text/plain.ts';

interface Result {
  silences: ListedSilence[];
  outcome: 'ended' | 'planned' | 'nothing to do';
}

export default class SilenceEnd extends OncallCommand {
  static override summary = 'End a silence, after a look at what will be heard then';
  static override description =
    'Without an id it ends the only silence in force, or lets you choose. What it hides and still fires may page as soon as it has ended. Whether it has is read back.';
  static override examples = [
    { description: 'The only one, or choose', command: '<%= config.bin %> silence end' },
    { description: 'By the first characters of its id', command: '<%= config.bin %> silence end 7d8f0a1e' },
    { description: 'All of mine, at the end of a shift', command: '<%= config.bin %> silence end --all --mine' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = { id: Args.string({ description: 'Silence: the first characters of its id' }) };
  static override flags = {
    all: Flags.boolean({ summary: 'Every one of your own; needs --mine', dependsOn: ['mine'] }),
    mine: Flags.boolean({ summary: 'Only among those that you made' }),
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SilenceEnd);
    const context = this.open(flags);
    const { paint, width } = this.invocation.terminal;
    const alertmanager = await context.alertmanager();
    const chosen = await this.#choose(context, alertmanager, { ...flags, id: args.id ?? null });
    const silences = chosen.filter(({ state }) => state !== 'expired');
    if (silences.length === 0) {
      const [over] = chosen;
      const text = over ? `The silence ${shortSilence(over.id)} has ended already.` : 'No silence is in force.';
      this.say(`${paint.good(paint.sign.good)} ${text} Nothing to do.`);
      return { silences: chosen, outcome: 'nothing to do' };
    }
    this.say(endPlanView(silences, { paint, width, zone: context.zone, now: context.now() }));
    if (flags['dry-run']) {
      this.say(`\nIt would call:\n${silences.map(({ id }) => `DELETE /api/v2/silence/${id}`).join('\n')}`);
      return { silences, outcome: 'planned' };
    }
    const question = silences.length === 1 ? 'End it?' : `End these ${silences.length}?`;
    await confirm(context.prompts, { yes: flags.yes, question });
    const current = await context.currentIncident();
    for (const silence of silences) {
      await endSilence(silence.id, { alertmanager, wait: (ms) => context.wait(ms) });
      this.say(`${paint.good(paint.sign.good)} The silence ${shortSilence(silence.id)} has ended.`);
      const what = plain(silence.matchers.join(' '));
      await this.record({ incident: current?.id ?? null, timeline: `Ended the silence of ${what}` });
    }
    const waiting = current && (await deliverNotes(context, context.journal));
    if (waiting) this.caution(waiting);
    this.say(`${paint.sign.next} next: ${paint.command('oncall alerts')}`);
    return { silences, outcome: 'ended' };
  }

  async #choose(
    context: Context,
    alertmanager: Alertmanager,
    wanted: { id: string | null; all: boolean; mine: boolean },
  ): Promise<ListedSilence[]> {
    if (wanted.id !== null) return [await silenceNamed(alertmanager, wanted.id)];
    const by = wanted.mine ? await context.me() : null;
    const silences = await listSilences(alertmanager, { by, ended: false, now: context.now() });
    if (wanted.all || silences.length < 2) return silences;
    if (!context.prompts.possible)
      throw severalSilences(`${silences.length} silences are in force or to come.`, silences);
    const choices = silences.map((silence) => ({ name: silenceTitle(silence), value: silence.id }));
    const id = await context.prompts.select('Which one shall end?', choices);
    return silences.filter((silence) => silence.id === id);
  }
}
