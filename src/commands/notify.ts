import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { findMatter, type Matter, noticeBackground, senderName } from '../lib/briefing/team-background.ts';
import { customerMessages, responderMessages, wordsToSend } from '../lib/chat/compose.ts';
import type { Delivered } from '../lib/chat/deliver.ts';
import { tell } from '../lib/chat/tell.ts';
import { customersPlanView, deliveredView, postsView } from '../lib/chat/view.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { confirm } from '../lib/cli/confirm.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, incidentFlag, yesFlag } from '../lib/cli/flags.ts';
import { wordsOf } from '../lib/cli/words.ts';
import type { Audience, Message, PlannedPost } from '../lib/clients/discord/discord.ts';
import { deliverNotes } from '../lib/recovery/revert-scope.ts';

interface Result {
  audience: Audience;
  /** The incident on whose timeline it stands; null when none is open. */
  incident: { id: string; title: string } | null;
  text: string;
  dryRun: boolean;
  posts: PlannedPost[];
  /** Null where nothing was sent. */
  done: Delivered | null;
}

export default class Notify extends OncallCommand {
  static override summary = 'Tell the team, or with --customers your customers, on Discord';
  static override description =
    'The team reads it with one small line about the incident under it. Customers read your words and nothing else: they are shown and asked about first. Nobody is pinged, whatever the text says. Long texts go out in at most five messages. It is noted on the incident’s timeline.';
  static override examples = [
    { description: 'The team', command: '<%= config.bin %> notify I am reverting dolthubapi now' },
    {
      description: 'Your customers',
      command: '<%= config.bin %> notify --customers "The API is down. We are on it; next news at 15:30 UTC."',
    },
    { description: 'Out of a file', command: '<%= config.bin %> notify - < update.md' },
  ];
  static override exitCodes = [3, 4, 5, 6, 7, 8];
  static override strict = false;
  static override args = {
    text: Args.string({ required: true, description: 'What they shall read; - reads standard input' }),
  };
  static override flags = {
    customers: Flags.boolean({ summary: 'Send it to your customers, not to the team' }),
    ...incidentFlag,
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(Notify);
    const context = this.open(flags);
    await context.config();
    const typed = await wordsOf(argv, this.invocation, () => this.tell('Write the message; end it with Ctrl-D.'));
    const text = wordsToSend(context.redactor.clean(typed), 'notify');
    const audience: Audience = flags.customers ? 'customers' : 'responders';
    const discord = await context.discord();
    const { paint } = this.invocation.terminal;
    // Asked first, since it is only a read: where Discord is down, it is then certain that nothing was sent.
    const [webhook, { matter, caution }, from] = await Promise.all([
      flags['dry-run'] ? null : discord.webhook(audience),
      findMatter(context, flags.incident ?? null),
      senderName(context),
    ]);
    if (caution) this.caution(caution);
    const messages = flags.customers ? customerMessages(text) : await this.#forTheTeam(context, text, { matter, from });
    const posts = messages.map((message) => discord.plan(audience, message));
    const incident = matter && { id: matter.id, title: matter.title };
    const result = { audience, incident, text, posts };
    if (!webhook) {
      this.say(postsView(posts, { paint }));
      return { ...result, dryRun: true, done: null };
    }
    if (flags.customers) {
      this.say(customersPlanView(messages, webhook, { paint }));
      await confirm(context.prompts, { yes: flags.yes, question: 'Send this to your CUSTOMERS?' });
    }
    const progress = this.progress();
    const done = await tell({
      ...{ discord, audience, webhook, messages, purpose: audience, words: text },
      progress: (line) => progress.update(line),
      record: (timeline, link) => this.#remember(context, matter, { timeline, link }),
    }).finally(() => progress.done());
    this.say(deliveredView(done, { audience, webhook, asked: false, pinged: false }, { paint }));
    if (done.notReadBack) this.caution(`It was posted, but could not be read back: ${done.notReadBack}`);
    this.say(`${paint.sign.next} next: ${paint.command('oncall now')}`);
    return { ...result, dryRun: false, done };
  }

  async #forTheTeam(
    context: Context,
    text: string,
    { matter, from }: { matter: Matter | null; from: string | null },
  ): Promise<Message[]> {
    const background = matter && (await noticeBackground(await context.sources(), matter));
    return responderMessages(text, context.redactor.cleanDeep({ background, from }));
  }

  async #remember(
    context: Context,
    matter: Matter | null,
    { timeline, link }: { timeline: string; link: string | null },
  ): Promise<void> {
    await this.record({ incident: matter?.id ?? null, timeline: matter && timeline, link });
    const waiting = matter && (await deliverNotes(context, context.journal));
    if (waiting) this.caution(waiting);
  }
}
