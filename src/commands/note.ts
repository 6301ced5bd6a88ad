import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as Args from '@oclif/core/args';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { dryRunFlag, incidentFlag } from '../lib/cli/flags.ts';
import { interrupted } from '../lib/errors.ts';
import { shortId } from '../lib/incidents/choose-incident.ts';
import { deliverJournal } from '../lib/incidents/deliver-journal.ts';
import { incidentAtHand } from '../lib/incidents/incident-at-hand.ts';
import { noteWords } from '../lib/incidents/note.ts';
import { callsView, noteCall, type PlannedCall } from '../lib/incidents/planned-calls.ts';
import { plain } from '../lib/text/plain.ts';

interface Result {
  incident: { id: string; title: string };
  text: string;
  dryRun: boolean;
  calls: PlannedCall[];
  /** Whether it has reached the pager's timeline. */
  delivered: boolean;
}

export default class Note extends OncallCommand {
  static override summary = "Write a line on the incident's timeline";
  static override description =
    'Kept on this machine first, then sent to the pager. If the pager is down, nothing is lost: the next command sends it.';
  static override examples = [
    { description: 'What you saw', command: '<%= config.bin %> note all pods restart after 20 s' },
    { description: 'Out of another program', command: 'kubectl get pods | <%= config.bin %> note -' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override strict = false;
  static override args = {
    text: Args.string({
      required: true,
      description: 'The note, in as many words as you like; - reads standard input',
    }),
  };
  static override flags = { ...incidentFlag, ...dryRunFlag };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(Note);
    const context = this.open(flags);
    const { paint } = this.invocation.terminal;
    await context.config();
    const words = argv.length === 1 && argv[0] === '-' ? await this.#standardInput() : argv.join(' ');
    const note = context.redactor.clean(noteWords(words));
    const pager = await context.pager();
    // Whose note it is stands in the journal; that it cannot be found out must not keep the note from being written.
    const who = context.me().catch(() => null);
    const target = await incidentAtHand(pager, flags.incident ?? null, await context.currentIncident());
    await who;
    const { id, title } = target;
    const calls = [noteCall(id, note)];
    const result = { incident: { id, title }, text: note, calls };
    if (flags['dry-run']) {
      this.say(callsView(calls, { paint }));
      return { ...result, dryRun: true, delivered: false };
    }
    await this.record({ incident: id, timeline: note, essential: true });
    if (target.incident?.status === 'open') await context.focusOn(target.incident);
    const { pending } = await deliverJournal(context.journal, pager);
    const on = `${paint.strong(plain(title))} ${paint.dim(shortId(id))}`;
    if (pending > 0) {
      this.say(`${paint.good(paint.sign.good)} Noted on this machine, for ${on}.`);
      this.caution(
        `The pager cannot be reached: ${pending === 1 ? 'the note waits' : `${pending} notes wait`} here, and the next command sends ${pending === 1 ? 'it' : 'them'}.`,
      );
    } else this.say(`${paint.good(paint.sign.good)} Noted on ${on}.`);
    return { ...result, dryRun: false, delivered: pending === 0 };
  }

  async #standardInput(): Promise<string> {
    const { terminal, signal } = this.invocation;
    if (terminal.inputIsTty) this.tell('Write the note; end it with Ctrl-D.');
    try {
      return await text(addAbortSignal(signal, terminal.input));
    } catch (error) {
      if (signal.aborted) throw interrupted();
      throw error;
    }
  }
}
