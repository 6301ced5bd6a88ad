import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { type ListedSilence, listSilences } from '../../lib/metrics/silence-list.ts';
import { silencesView } from '../../lib/metrics/silence-view.ts';

export default class SilenceList extends OncallCommand {
  static override summary = 'Silences in force and to come: whose, why, until when, and how many alerts each hides now';
  static override examples = [
    { description: 'All of them', command: '<%= config.bin %> silence list' },
    {
      description: 'Mine, with those that ended within the hour',
      command: '<%= config.bin %> silence list --mine --all',
    },
  ];
  static override exitCodes = [3, 4, 6];
  static override flags = {
    all: Flags.boolean({ summary: 'Also those that ended within the hour' }),
    mine: Flags.boolean({ summary: 'Only those that you made' }),
  };

  async run(): Promise<{ silences: ListedSilence[] }> {
    const { flags } = await this.parse(SilenceList);
    const context = this.open(flags);
    const alertmanager = await context.alertmanager();
    const by = flags.mine ? await context.me() : null;
    const silences = await listSilences(alertmanager, { by, ended: flags.all, now: context.now() });
    const { paint, width } = this.invocation.terminal;
    const shown = { mine: flags.mine, ended: flags.all };
    this.say(silencesView(silences, { paint, width, zone: context.zone, now: context.now(), ...shown }));
    return { silences };
  }
}
