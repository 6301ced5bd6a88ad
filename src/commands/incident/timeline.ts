import * as Args from '@oclif/core/args';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { incidentFlag } from '../../lib/cli/flags.ts';
import { isOut } from '../../lib/errors.ts';
import { shortId } from '../../lib/incidents/choose-incident.ts';
import { incidentAtHand } from '../../lib/incidents/incident-at-hand.ts';
import { mergeTimeline, type TimelineLine } from '../../lib/incidents/timeline.ts';
import { timelineView } from '../../lib/incidents/timeline-view.ts';
import { plain } from '../../lib/text/plain.ts';

interface Result {
  incident: { id: string; title: string };
  events: TimelineLine[];
  /** False when the pager could not be asked, and only this machine's journal is shown. */
  complete: boolean;
}

export default class IncidentTimeline extends OncallCommand {
  static override summary = 'What happened, in order: pages, notes, and the commands run here';
  static override examples = [
    { description: 'Of your incident', command: '<%= config.bin %> incident timeline' },
    {
      description: 'Of an earlier one, for the analysis',
      command: '<%= config.bin %> incident timeline 3f2c1a9b --utc',
    },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = {
    ref: Args.string({ description: 'Incident: the first characters of its id, its ARN, or words of its title' }),
  };
  static override flags = { ...incidentFlag };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(IncidentTimeline);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const pager = await context.pager();
    const ref = args.ref ?? flags.incident ?? null;
    const { id, title } = await incidentAtHand(pager, ref, await context.currentIncident());
    const [known, journal] = await Promise.all([
      pager.timeline(id).catch((error: unknown) => {
        if (!isOut(error)) throw error;
        this.caution(`The pager's timeline is missing: ${error.message} This is only what this machine has kept.`);
        return null;
      }),
      context.journal.entries({ incident: id }),
    ]);
    const events = mergeTimeline(known, journal);
    this.say(`${paint.strong(plain(title))} ${paint.dim(shortId(id))}`);
    this.say(events.length > 0 ? timelineView(events, { paint, zone: context.zone }) : 'Nothing is known of it.');
    return { incident: { id, title }, events, complete: known !== null };
  }
}
