import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Briefing } from '../lib/briefing/brief.ts';
import { notStopped, readCard } from '../lib/briefing/card.ts';
import { briefingView } from '../lib/briefing/view.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { OncallError } from '../lib/errors.ts';
import {
  type Acknowledged,
  acknowledge,
  type NothingToAcknowledge,
  type WillRing,
} from '../lib/incidents/acknowledge.ts';
import { deliverJournal, pendingNotice } from '../lib/incidents/deliver-journal.ts';
import { acknowledgedView, nothingView, stoppedView } from '../lib/incidents/view.ts';

type Result =
  | (Acknowledged & { stopped: boolean; stillToRing: WillRing[] | null; briefing: Briefing })
  | NothingToAcknowledge;

export default class Ack extends OncallCommand {
  static override summary = 'Take the page: stop the phone, and see what is known';
  static override description =
    "Accepts your own page and nobody else's, proves that paging has stopped, then shows what a woken engineer needs first: the impact, what changed just before, and the first step.";
  static override examples = [
    { description: 'Take the page that woke you', command: '<%= config.bin %> ack' },
    { description: 'Take one of several', command: '<%= config.bin %> ack 3f2c1a9b' },
    {
      description: 'Have the pager check the code from the text message',
      command: '<%= config.bin %> ack --code 123456',
    },
  ];
  static override exitCodes = [3, 4, 5, 6, 7];
  static override args = {
    ref: Args.string({ description: 'Incident: the first characters of its id, its ARN, or words of its title' }),
  };
  static override flags = {
    code: Flags.string({
      summary: 'Code from the text message or e-mail, for the pager to check',
      helpValue: 'DIGITS',
    }),
    note: Flags.string({ summary: 'A first note for the timeline', helpValue: 'TEXT' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Ack);
    const context = this.open(flags);
    const { terminal } = this.invocation;
    const { paint } = terminal;
    const pager = await context.pager().catch(stopThePhoneFirst);
    const clock = { now: () => context.now(), wait: (ms: number) => context.wait(ms) };
    const view = () => ({ paint, zone: context.zone, now: context.now() });
    const done = await acknowledge({
      pager,
      me: () => context.me(),
      ref: args.ref ?? null,
      code: flags.code ?? null,
      clock,
    }).catch(stopThePhoneFirst);
    if (done.incident === null) {
      this.say(nothingView(done, view()));
      this.say(
        `${paint.sign.next} next: ${paint.command(done.openIncidents.length > 0 ? 'oncall now' : 'oncall who')}`,
      );
      return done;
    }
    this.say(acknowledgedView(done, view()));
    await this.#remember(context, done, flags.note);
    const card = await readCard(await context.sources(), done.incident);
    const { stillToRing, briefing } = card;
    this.say(stoppedView(done, stillToRing, view()));
    this.say();
    this.say(briefingView(briefing, { ...view(), width: terminal.width }));
    const doubt = notStopped(done.readAt, card);
    if (doubt) this.endWith(doubt);
    return { ...done, stopped: doubt === null, stillToRing, briefing };
  }

  async #remember(context: Context, { incident, already }: Acknowledged, note: string | undefined): Promise<void> {
    await context.focusOn(incident);
    const text = note ?? (already ? null : 'Acknowledged with oncall.');
    await this.record({ incident: incident.id, timeline: text });
    const waiting = pendingNotice(await deliverJournal(context.journal, await context.pager()));
    if (waiting) this.caution(waiting);
  }
}

/** Before anything else a ringing phone has to stop, and that needs neither this laptop nor its credentials. */
function stopThePhoneFirst(error: unknown): never {
  if (error instanceof OncallError && /AUTH|UNAVAILABLE|RATE_LIMITED|CONFIG|NOT_ENABLED/.test(error.code)) {
    throw new OncallError(
      `To stop the phone now, reply to the text message with its code, or press 1 on the call. From here it did not work: ${error.message}`,
      {
        code: error.code,
        hint: error.hint ?? undefined,
        cause: error.cause,
      },
    );
  }
  throw error;
}
