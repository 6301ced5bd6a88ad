import * as Args from '@oclif/core/args';
import { knownFacts } from '../../lib/briefing/known-facts.ts';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { incidentFlag } from '../../lib/cli/flags.ts';
import { shortId } from '../../lib/incidents/choose-incident.ts';
import type { IncidentFacts } from '../../lib/incidents/facts.ts';
import { factsView, nextCommand } from '../../lib/incidents/facts-view.ts';

export default class IncidentShow extends OncallCommand {
  static override summary = 'One incident: who was paged, who has it, and where to look';
  static override examples = [
    { description: 'Yours', command: '<%= config.bin %> incident show' },
    { description: 'Another one', command: '<%= config.bin %> incident show 3f2c1a9b' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = {
    ref: Args.string({ description: 'Incident: the first characters of its id, its ARN, or words of its title' }),
  };
  static override flags = { ...incidentFlag };

  async run(): Promise<IncidentFacts> {
    const { args, flags } = await this.parse(IncidentShow);
    const context = this.open(flags);
    const { paint, errorPaint } = this.invocation.terminal;
    const [pager, prometheus, { services }, current, memory] = await Promise.all([
      context.pager(),
      context.ifConfigured(context.prometheus()),
      context.config(),
      context.currentIncident(),
      context.memory(),
    ]);
    const ref = args.ref ?? flags.incident ?? null;
    const { facts, othersOpen, trouble } = await knownFacts(
      { pager, prometheus, services, memory },
      { ref, current: current?.id ?? null },
    );
    this.say(factsView(facts, { paint, zone: context.zone, now: context.now() }));
    if (ref === null && othersOpen > 0)
      this.tell(`${othersOpen} more open: ${errorPaint.command('oncall incident list')}`);
    this.say(`${paint.sign.next} next: ${paint.command(nextCommand(facts, shortId(facts.incident.id)))}`);
    if (trouble) this.endWith(trouble);
    return facts;
  }
}
