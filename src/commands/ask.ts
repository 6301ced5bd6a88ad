import * as Args from '@oclif/core/args';
import { findMatter, inquiryBackground, type Matter, senderName } from '../lib/briefing/team-background.ts';
import type { Inquiry } from '../lib/chat/background.ts';
import { questionMessages, wordsToSend } from '../lib/chat/compose.ts';
import type { Delivered } from '../lib/chat/deliver.ts';
import { tell } from '../lib/chat/tell.ts';
import { deliveredView, postsView } from '../lib/chat/view.ts';
import { OncallCommand } from '../lib/cli/base-command.ts';
import type { Context } from '../lib/cli/context.ts';
import { dryRunFlag, incidentFlag } from '../lib/cli/flags.ts';
import { wordsOf } from '../lib/cli/words.ts';
import type { PlannedPost } from '../lib/clients/discord/discord.ts';
import { deliverNotes } from '../lib/recovery/revert-scope.ts';

interface Result {
  incident: { id: string; title: string } | null;
  text: string;
  /** The role that is pinged; null when nobody is. */
  pinged: string | null;
  dryRun: boolean;
  posts: PlannedPost[];
  /** Null where nothing was sent. */
  done: Delivered | null;
}

export default class Ask extends OncallCommand {
  static override summary = 'Ask the team an open question on Discord, with what is known of the incident attached';
  static override description =
    'Service, impact, since when, what was done so far, links, who is on call, and how to answer. The role of `discord.mentionRole` is pinged if one is set, and nobody else. Without an open incident it just asks. Not knowing is no shame: ask early.';
  static override examples = [
    {
      description: 'In the middle of it',
      command: '<%= config.bin %> ask does anybody know why the pods restart after 20 s?',
    },
    {
      description: 'See first what they would read',
      command: '<%= config.bin %> ask "who knows the proxy?" --dry-run',
    },
  ];
  static override exitCodes = [3, 4, 5, 6, 7];
  static override strict = false;
  static override args = {
    text: Args.string({ required: true, description: 'Your question; - reads standard input' }),
  };
  static override flags = { ...incidentFlag, ...dryRunFlag };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(Ask);
    const context = this.open(flags);
    const { connection } = await context.config();
    const typed = await wordsOf(argv, this.invocation, () => this.tell('Write the question; end it with Ctrl-D.'));
    const text = wordsToSend(context.redactor.clean(typed), 'ask');
    const discord = await context.discord();
    const { paint } = this.invocation.terminal;
    const audience = 'responders';
    const progress = this.progress();
    // Asked first, since it is only a read: where Discord is down, it is then certain that nothing was sent.
    const [webhook, { matter, caution }, from] = await Promise.all([
      flags['dry-run'] ? null : discord.webhook(audience),
      findMatter(context, flags.incident ?? null),
      senderName(context),
    ]);
    if (caution) this.caution(caution);
    if (matter) progress.update('Putting together what is known …');
    const inquiry = await this.#inquiry(context, matter).finally(() => progress.done());
    const { mentionRole: role } = connection.discord;
    const messages = questionMessages(text, context.redactor.cleanDeep({ inquiry, from, role }));
    const posts = messages.map((message) => discord.plan(audience, message));
    const incident = matter && { id: matter.id, title: matter.title };
    const result = { incident, text, pinged: role, posts };
    if (!webhook) {
      this.say(postsView(posts, { paint }));
      return { ...result, dryRun: true, done: null };
    }
    const done = await tell({
      ...{ discord, audience, webhook, messages, purpose: 'question', words: text },
      progress: (line) => progress.update(line),
      record: (timeline, link) => this.#remember(context, matter, { timeline, link }),
    }).finally(() => progress.done());
    this.say(deliveredView(done, { audience, webhook, asked: true, pinged: role !== null }, { paint }));
    if (done.notReadBack) this.caution(`It was posted, but could not be read back: ${done.notReadBack}`);
    const next = matter ? 'oncall note "what they answered"' : 'oncall now';
    this.say(`${paint.sign.next} next: ${paint.command(next)}`);
    return { ...result, dryRun: false, done };
  }

  async #inquiry(context: Context, matter: Matter | null): Promise<Inquiry | null> {
    if (!matter) return null;
    const { escalation, connection } = await context.config();
    const prometheusUrl = connection.prometheus?.url ?? null;
    const journal = await context.journal.entries({ incident: matter.id });
    return inquiryBackground(await context.sources(), matter, { wanted: escalation, prometheusUrl, journal });
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
