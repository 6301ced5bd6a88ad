import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { confirm } from '../../lib/cli/confirm.ts';
import type { Context } from '../../lib/cli/context.ts';
import { dryRunFlag, duration, incidentFlag, yesFlag } from '../../lib/cli/flags.ts';
import type { Alertmanager } from '../../lib/clients/alertmanager/alertmanager.ts';
import { callsText } from '../../lib/deploys/api-call.ts';
import { type AddedSilence, addSilence } from '../../lib/metrics/add-silence.ts';
import { type Kept, keepSilenced, SHORT_MS } from '../../lib/metrics/keep-silenced.ts';
import { keepFailure, keptView, tellKeeping } from '../../lib/metrics/keep-view.ts';
import { LONGEST_MS, refuseNothingToWaitFor, refuseTooLong, type SilencePlan } from '../../lib/metrics/silence-plan.ts';
import { silenceAddedView, silenceNote, silencePlanView, silenceWarnings } from '../../lib/metrics/silence-view.ts';
import { deliverNotes } from '../../lib/recovery/revert-scope.ts';
import { askComment, askLength } from '../../lib/recovery/silence-answers.ts';
import { planFor, silenceAuthor } from '../../lib/recovery/silence-scope.ts';

type Keeping = { plan: SilencePlan; silence: AddedSilence; cap: number };
type Result = SilencePlan & { outcome: 'silenced' | 'planned'; silence: AddedSilence | null; kept: Kept | null };

export default class SilenceAdd extends OncallCommand {
  static override summary = 'Silence alerts for a while, after a look at what that hides';
  static override description =
    'Matchers as amtool takes them: name=value, !=, =~, !~; a first bare word is an alert’s name. Without any it proposes exactly the alert of the open incident. It shows what would be hidden, asks, sets the silence and looks that the alerts are quiet. It does not stop a page that is out: acknowledge that. With --until-resolved it stays, renews silences of 15 minutes while the alert fires, and ends them when it is over.';
  static override examples = [
    {
      description: 'The alert of the open incident',
      command: '<%= config.bin %> silence add -d 1h -m "revert is going out"',
    },
    {
      description: 'Until it is over, and not a guess',
      command: '<%= config.bin %> silence add ServiceDown --until-resolved -m "migration"',
    },
    {
      description: 'By matchers',
      command: '<%= config.bin %> silence add service=dolthubapi \'alertname=~"High.*"\' -d 30m -m "load test"',
    },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override strict = false;
  static override args = {
    matchers: Args.string({ description: 'Matchers, or an alert’s name; default: the alert of the open incident' }),
  };
  static override flags = {
    duration: duration({ char: 'd', summary: 'How long, at most 12h; must be given' }),
    comment: Flags.string({ char: 'm', summary: 'Why, which the others will see; must be given', helpValue: 'TEXT' }),
    service: Flags.string({ summary: 'All alerts of a service', helpValue: 'NAME' }),
    alert: Flags.string({ summary: 'Alerts of this name', helpValue: 'NAME' }),
    'until-resolved': Flags.boolean({ summary: 'Renew short silences until it is resolved; -d is then the longest' }),
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(SilenceAdd);
    const context = this.open(flags);
    const untilResolved = flags['until-resolved'];
    if (flags.duration !== undefined) refuseTooLong(flags.duration);
    await context.config();
    const forMs = flags.duration ?? (untilResolved ? LONGEST_MS : await askLength(context.prompts));
    refuseTooLong(forMs);
    const comment = context.redactor.clean(await askComment(context.prompts, flags.comment));
    const alertmanager = await context.alertmanager();
    const said = { words: argv as string[], service: flags.service ?? null, alert: flags.alert ?? null };
    const createdBy = await silenceAuthor(context, this.invocation.shell.env.USER ?? null);
    const asked = {
      said,
      ref: flags.incident ?? null,
      createdBy,
      comment,
      forMs,
      shortMs: untilResolved ? SHORT_MS : forMs,
    };
    const { plan, incident, unanswered, trouble } = await planFor(context, asked);
    if (untilResolved) refuseNothingToWaitFor(plan);
    const { paint, width } = this.invocation.terminal;
    const view = { paint, width, zone: context.zone, now: context.now(), forMs, untilResolved };
    this.say(silencePlanView(plan, view));
    for (const text of silenceWarnings(plan, { unanswered, now: context.now() })) this.caution(text);
    if (trouble) this.caution(trouble);
    if (flags['dry-run']) {
      this.say(`\nIt would call:\n${callsText(plan.calls)}\nThe same with amtool:\n${plan.amtool}`);
      return { ...plan, outcome: 'planned', silence: null, kept: null };
    }
    await confirm(context.prompts, { yes: flags.yes, question: 'Silence it?' });
    const record = (timeline: string) => this.#record(context, incident, timeline);
    const silence = await addSilence(plan.draft, {
      ...{ alertmanager, wait: (ms: number) => context.wait(ms) },
      onWritten: () => record(silenceNote(plan, plan.draft, untilResolved)),
    });
    this.say(silenceAddedView(silence, plan, view));
    const keeping = { plan, silence, cap: Date.parse(plan.draft.startsAt) + forMs };
    const kept = untilResolved ? await this.#keep(context, alertmanager, keeping) : null;
    if (kept?.end === 'resolved') await record('The silenced alert is resolved: its silence was ended');
    return { ...plan, outcome: 'silenced', silence, kept };
  }

  async #record(context: Context, incident: string | null, timeline: string): Promise<void> {
    await this.record({ incident, timeline });
    const waiting = incident && (await deliverNotes(context, context.journal));
    if (waiting) this.caution(waiting);
  }

  /** Stays with the silence until its alert is over. @throws INTERRUPTED, saying when the silence runs out */
  async #keep(context: Context, alertmanager: Alertmanager, keeping: Keeping): Promise<Kept> {
    const { plan, silence, cap } = keeping;
    const words = () => ({ paint: this.invocation.terminal.paint, zone: context.zone, now: context.now() });
    const progress = this.progress();
    const kept = await keepSilenced({
      ...{ alertmanager, cap, now: () => context.now(), wait: (ms: number) => context.wait(ms) },
      draft: { ...plan.draft, id: silence.id, startsAt: silence.startsAt, endsAt: silence.endsAt },
      onEvent: tellKeeping({ progress, words, tell: (text) => this.tell(text), caution: (text) => this.caution(text) }),
    }).finally(() => progress.done());
    const failure = keepFailure(kept, words());
    if (failure?.code === 'INTERRUPTED') throw failure;
    if (failure) this.endWith(failure);
    else this.say(keptView(kept, words()));
    return kept;
  }
}
