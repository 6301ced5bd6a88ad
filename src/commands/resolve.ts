import { randomUUID } from 'node:crypto';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import type { Incident } from '../lib/clients/pager/pager.ts';
import { shortId } from '../lib/incidents/choose-incident.ts';
import { deliverJournal, pendingNotice } from '../lib/incidents/deliver-journal.ts';
import { nobody } from '../lib/incidents/people.ts';
import { callsView, type PlannedCall, resolveCalls } from '../lib/incidents/planned-calls.ts';
import {
  incidentToResolve,
  notVerified,
  type Resolved,
  resolveIncident,
  runningEngagements,
} from '../lib/incidents/resolve.ts';
import { alreadyResolvedView, resolvedView, resolvePlanView } from '../lib/incidents/resolve-view.ts';
import { checkBeforeResolve, notOverYet, type ResolveChecks } from '../lib/recovery/resolve-checks.ts';
import { checksView } from '../lib/recovery/resolve-checks-view.ts';
import { plain } from '../lib/text/plain.ts';

type Result = {
  incident: Incident | null;
  already: boolean;
  dryRun: boolean;
  calls: PlannedCall[];
  checks: ResolveChecks | null;
  done: Resolved | null;
};

const VERDICTS = { y: 'yes', n: 'no, it was noise', dup: 'no, a duplicate' } as const;

export default class Resolve extends OncallCommand {
  static override summary = 'Close the incident, after a look whether it is really over';
  static override description =
    'Looks first at the alert, the instances, the deploy hold and the silences. Then it resolves the incident and stops all paging for it. While it does not look over, it asks twice, and --yes is not enough.';
  static override examples = [
    { description: 'Close your incident', command: '<%= config.bin %> resolve' },
    { description: 'And say whether the page was worth it', command: '<%= config.bin %> resolve --actionable n' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override args = {
    ref: Args.string({ description: 'Incident: the first characters of its id, its ARN, or words of its title' }),
  };
  static override flags = {
    note: Flags.string({ summary: 'A last note for the timeline', helpValue: 'TEXT' }),
    actionable: Flags.string({
      summary: 'Was there something to do? Yes, no (noise), or a duplicate',
      options: ['y', 'n', 'dup'],
    }),
    anyway: Flags.boolean({ summary: 'Also while it does not look over' }),
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Resolve);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    const view = () => ({ paint, zone: context.zone, now: context.now() });
    const pager = await context.pager();
    const [current, me] = await Promise.all([context.currentIncident(), context.me().catch(nobody)]);
    const incident = await incidentToResolve(pager, args.ref ?? flags.incident ?? null, current?.id ?? null);
    if (incident?.status !== 'open') {
      this.say(alreadyResolvedView(incident, view()));
      if (current && (incident === null || current.id === incident.id)) await context.focusOn(null);
      return { incident, already: incident !== null, dryRun: flags['dry-run'], calls: [], checks: null, done: null };
    }
    const [checks, running] = await Promise.all([
      checkBeforeResolve(await context.sources(), incident),
      runningEngagements(pager, incident.id),
    ]);
    const calls = resolveCalls(incident, running);
    this.say(resolvePlanView(incident, view()));
    this.say(checksView(checks, { paint }));
    const planned = { incident, already: false, calls, checks };
    if (flags['dry-run']) {
      this.say(callsView(calls, { paint }));
      return { ...planned, dryRun: true, done: null };
    }
    await this.#ask(context, checks, flags);
    const done = await resolveIncident({
      ...{ pager, incident, running, token: randomUUID(), reason: `Resolved${me ? ` by ${me}` : ''}`, clock: context },
    });
    await this.record({ incident: incident.id, timeline: timelineOf(flags) });
    const waiting = pendingNotice(await deliverJournal(context.journal, pager));
    if (waiting) this.caution(waiting);
    this.say(resolvedView(done, { ...view(), alertHolds: checks.alertHolds === true }));
    if (!done.verified) throw notVerified(incident);
    if (current === null || current.id === incident.id) await context.focusOn(null);
    const open = checks.checks.find(({ state, command }) => state === 'open' && command !== null);
    const next = open?.command ?? `oncall incident timeline ${shortId(incident.id)}`;
    this.say(`${paint.sign.next} next: ${paint.command(plain(next))}`);
    return { ...planned, incident: done.incident, dryRun: false, done };
  }

  async #ask(context: Context, checks: ResolveChecks, flags: { yes: boolean; anyway: boolean }): Promise<void> {
    if (checks.notOver === null || flags.anyway) {
      return confirm(context.prompts, { yes: flags.yes, question: 'Resolve it and stop all paging for it?' });
    }
    if (flags.yes) throw notOverYet(plain(checks.notOver));
    await confirm(context.prompts, {
      yes: false,
      question: `It does NOT look over: ${plain(checks.notOver)}. Resolve it all the same?`,
      typed: 'anyway',
    });
  }
}

function timelineOf({ note, actionable }: { note?: string | undefined; actionable?: string | undefined }): string {
  const verdict = actionable ? ` Actionable: ${VERDICTS[actionable as keyof typeof VERDICTS]}.` : '';
  return `${note ? `Resolved: ${note.replace(/\.$/, '')}.` : 'Resolved with oncall.'}${verdict}`;
}
