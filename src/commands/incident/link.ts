import * as Args from '@oclif/core/args';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { dryRunFlag, incidentFlag } from '../../lib/cli/flags.ts';
import { OncallError } from '../../lib/errors.ts';
import { requireIncident, shortId } from '../../lib/incidents/choose-incident.ts';
import { deliverJournal, pendingNotice } from '../../lib/incidents/deliver-journal.ts';
import { nobody } from '../../lib/incidents/people.ts';
import { callsView, noteCall, type PlannedCall } from '../../lib/incidents/planned-calls.ts';
import { findSubject, linkNote, type Subject } from '../../lib/incidents/subject.ts';
import { plain } from '../../lib/text/plain.ts';

interface Result {
  incident: { id: string; title: string };
  service: string;
  /** True when the incident was about this service already, and nothing was done. */
  already: boolean;
  dryRun: boolean;
  calls: PlannedCall[];
}

export default class IncidentLink extends OncallCommand {
  static override summary = 'Say which service an incident is about';
  static override description =
    'For an incident that somebody opened by hand, or whose alert names no service of yours. It is a note on the timeline, so that everybody sees it. The newest link counts.';
  static override examples = [
    { description: 'Yours is about dolthubapi', command: '<%= config.bin %> incident link dolthubapi' },
  ];
  static override exitCodes = [3, 4, 5, 6, 8];
  static override args = {
    service: Args.string({ required: true, description: 'Service, by the name it has in oncall.yaml' }),
  };
  static override flags = { ...incidentFlag, ...dryRunFlag };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(IncidentLink);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const [service, pager, current] = await Promise.all([
      context.service(args.service),
      context.pager(),
      context.currentIncident(),
      context.me().catch(nobody),
    ]);
    const { incident } = await requireIncident(pager, flags.incident ?? null, current?.id ?? null);
    const { services } = await context.config();
    const subject = await findSubject(incident, { pager, prometheus: null, services });
    const on = `${paint.strong(plain(incident.title))} ${paint.dim(shortId(incident.id))}`;
    const result = { incident: { id: incident.id, title: incident.title }, service: service.name };
    if (subject.service?.name === service.name) {
      this.say(`${paint.good(paint.sign.good)} ${on} is about ${service.name} already (by its ${subject.found}).`);
      return { ...result, already: true, dryRun: flags['dry-run'], calls: [] };
    }
    if (incident.openedBy === 'alert' && subject.service) throw alreadyKnown(subject);
    const calls = [noteCall(incident.id, linkNote(service.name))];
    if (flags['dry-run']) {
      this.say(callsView(calls, { paint }));
      return { ...result, already: false, dryRun: true, calls };
    }
    await this.record({ incident: incident.id, timeline: linkNote(service.name), essential: true });
    const waiting = pendingNotice(await deliverJournal(context.journal, pager));
    if (waiting) this.caution(waiting);
    this.say(`${paint.good(paint.sign.good)} ${on} is about ${service.name} now.`);
    this.say(`${paint.sign.next} next: ${paint.command('oncall now')}`);
    return { ...result, already: false, dryRun: false, calls };
  }
}

/** What the alert says counts everywhere, so a link that says otherwise would do nothing. */
function alreadyKnown({ service, found }: Subject): OncallError {
  return new OncallError(`Its ${found} says that it is about ${service?.name}; a link cannot change that.`, {
    code: 'REFUSED',
    hint: 'Name the other service to the command that you want to run, or write it down with `oncall note`.',
  });
}
