import { type Overview, overview } from '../lib/briefing/overview.ts';
import { overviewView } from '../lib/briefing/overview-view.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';

export default class Now extends OncallCommand {
  static override summary = 'What is going on: incidents, alerts, who is on call, holds; and the one next command';
  static override examples = [
    { description: 'The first thing to type when something woke you', command: '<%= config.bin %> now' },
  ];
  static override exitCodes = [3, 4, 6];

  async run(): Promise<Overview> {
    const { flags } = await this.parse(Now);
    const context = this.open(flags);
    const { escalation } = await context.config();
    const { overview: result, trouble } = await overview(await context.sources(), {
      me: () => context.me(),
      wanted: escalation,
    });
    const { paint, width } = this.invocation.terminal;
    this.say(overviewView(result, { paint, zone: context.zone, now: context.now(), width }));
    if (trouble) this.endWith(trouble);
    return result;
  }
}
