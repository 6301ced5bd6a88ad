import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { LISTED, type IncidentList as List, listIncidents, listView } from '../../lib/incidents/list.ts';

export default class IncidentList extends OncallCommand {
  static override summary = 'Open incidents, then those of the last 30 days';
  static override examples = [
    { description: 'What is open, and what was', command: '<%= config.bin %> incident list' },
    { description: 'Everything there is', command: '<%= config.bin %> incident list --all --json' },
  ];
  static override exitCodes = [3, 4, 6];
  static override flags = {
    limit: Flags.integer({ char: 'n', summary: 'At most so many', min: 1, default: 20 }),
    all: Flags.boolean({ summary: 'However old, and however many' }),
  };

  async run(): Promise<List> {
    const { flags } = await this.parse(IncidentList);
    const context = this.open(flags);
    const { paint, width } = this.invocation.terminal;
    const list = await listIncidents(await context.pager(), {
      limit: flags.all ? Number.POSITIVE_INFINITY : flags.limit,
      within: flags.all ? null : LISTED,
      now: context.now(),
    });
    if (list.missing) this.caution(list.missing);
    this.say(listView(list, { paint, zone: context.zone, now: context.now(), width }));
    return list;
  }
}
