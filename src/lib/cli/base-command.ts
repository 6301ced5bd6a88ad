import { randomUUID } from 'node:crypto';
import { Command } from '@oclif/core/command';
import type { Config as OclifConfig } from '@oclif/core/config';
import * as Flags from '@oclif/core/flags';
import { OncallError } from '../errors.ts';
import { jsonLine, plainLines } from '../text/plain.ts';
import { Redactor } from '../text/redact.ts';
import { Context } from './context.ts';
import { failureJson, toOncallError } from './failure.ts';
import type { CommonFlags } from './flags.ts';
import { type Invocation, invocationOf } from './invocation.ts';
import { createProgress, type Progress } from './progress.ts';

/**
 * The only base class, and the only exit path: here a result becomes output, an error becomes a message and a code, and
 * the run is written into the journal. Why oclif's own `_run`, `catch` and JSON are replaced: `docs/decisions/0003`.
 */
export abstract class OncallCommand extends Command {
  static override enableJsonFlag = true;
  /** The exit codes that this command may give beyond 0, 1, 2 and 130; listed in its help and frozen by a test. */
  static exitCodes: readonly number[] = [];

  static override baseFlags = {
    config: Flags.string({ summary: 'Configuration file', helpGroup: 'GLOBAL', helpValue: 'FILE' }),
    env: Flags.string({ summary: 'Environment out of the configuration', helpGroup: 'GLOBAL', helpValue: 'NAME' }),
    utc: Flags.boolean({ summary: 'Show times in UTC', helpGroup: 'GLOBAL' }),
    'no-input': Flags.boolean({ summary: 'Never ask; fail instead, naming the flag', helpGroup: 'GLOBAL' }),
  };

  protected readonly invocation: Invocation;
  protected readonly redactor = new Redactor();
  readonly #warnings: string[] = [];
  #context: Context | null = null;
  #recorded = false;
  #verdict: OncallError | null = null;

  constructor(argv: string[], config: OclifConfig) {
    super(argv, config);
    this.invocation = invocationOf(config);
    for (const [name, value] of Object.entries(this.invocation.shell.env)) {
      if (/TOKEN|SECRET|PASSWORD|WEBHOOK|DISCORD|API_?KEY/i.test(name)) this.redactor.add(value);
    }
  }

  /** oclif's own would load the whole configuration a second time. */
  static override async run<T extends Command>(
    this: new (
      argv: string[],
      config: OclifConfig,
    ) => T,
    argv?: string[],
    options?: unknown,
  ): Promise<ReturnType<T['run']>> {
    const command = new this(argv ?? [], options as OclifConfig);
    return (command as unknown as OncallCommand).execute() as Promise<ReturnType<T['run']>>;
  }

  /** What the command does. Gives the result as data; a stream, which prints as it goes, gives nothing. */
  abstract override run(): Promise<object | undefined>;

  /** Runs the command and sets the exit code. Never throws. */
  async execute(): Promise<unknown> {
    let failure: OncallError | null = null;
    let result: object | undefined;
    try {
      result = await this.run();
      failure = this.#verdict;
      if (failure) this.#printFailure(failure, result);
    } catch (error) {
      failure = toOncallError(error, {
        aborted: this.invocation.signal.aborted,
        command: (this.id ?? '').replaceAll(':', ' '),
        flags: Object.keys({ ...this.ctor.baseFlags, ...this.ctor.flags, json: null }),
      });
      this.#printFailure(failure);
    }
    if (!failure && result && this.jsonEnabled()) this.printJson({ ok: true, result, warnings: this.#warnings });
    process.exitCode = failure ? failure.exitCode : 0;
    await this.#journalRun(failure);
    this.#context?.end();
    return result;
  }

  /** The context of this run; call it once, with the parsed flags. */
  protected open(flags: CommonFlags): Context {
    this.#context = new Context(this.invocation, flags, this.redactor);
    return this.#context;
  }

  /** Lets the command end with this error although it has a result: under `--json` both are in the envelope. */
  protected endWith(error: OncallError): void {
    this.#verdict = error;
  }

  /** The command as it was typed, to be typed again. */
  protected get typed(): string {
    const words = [...(this.id ?? '').split(':'), ...this.argv].map((word) =>
      /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
    );
    return this.redactor.clean(plainLines(`oncall ${words.join(' ')}`));
  }

  /** Prints human text on stdout; nothing under `--json`. */
  protected say(text = ''): void {
    if (!this.jsonEnabled()) this.#write(this.invocation.terminal.output, text);
  }

  /** Prints text that is made for a machine and holds nothing of anybody's: unlabelled, and not searched for secrets. */
  protected sayVerbatim(text: string): void {
    if (!this.jsonEnabled()) this.invocation.terminal.output.write(`${text}\n`);
  }

  /** Prints a remark on stderr, where it cannot get into anybody's pipe; nothing under `--json`. */
  protected tell(text: string): void {
    if (!this.jsonEnabled()) this.#write(this.invocation.terminal.error, text);
  }

  /** A remark that must not be lost: on stderr, and in the envelope under `--json`. */
  protected caution(text: string): void {
    this.#warnings.push(this.redactor.clean(plainLines(text)));
    const { errorPaint } = this.invocation.terminal;
    this.tell(`${errorPaint.warn(errorPaint.sign.warn)} ${text}`);
  }

  /** One line of JSON on stdout, without secrets. */
  protected printJson(value: unknown): void {
    this.invocation.terminal.output.write(`${jsonLine(this.redactor.cleanDeep(value))}\n`);
  }

  /** A line that moves while something is waited for. */
  protected progress(): Progress {
    if (this.jsonEnabled()) return { update: () => {}, done: () => {} };
    return createProgress(this.invocation.terminal, (line) => this.tell(line));
  }

  /**
   * Writes what was done into the journal, now. `timeline` is what the incident's timeline will say of it; its delivery is
   * the incidents room's business. What was done out there stays done when this machine's disk is full: that is said, and
   * the command goes on. Where the entry is all that the command is for, it is `essential`.
   * @throws FAILED when an essential entry cannot be written
   */
  protected async record(done: {
    incident: string | null;
    timeline?: string | null;
    link?: string | null;
    essential?: boolean;
  }): Promise<void> {
    const { essential, ...entry } = done;
    this.#recorded = true;
    try {
      await this.#journal({ ...entry, outcome: 'ok' });
    } catch (error) {
      if (essential || !(error instanceof OncallError) || error.code !== 'FAILED') throw error;
      this.caution(`It was done, but it is not on record here and will not reach the timeline. ${error.message}`);
    }
  }

  /** Commands run during an open incident are part of its record, also those that only read and those that failed. */
  async #journalRun(failure: OncallError | null): Promise<void> {
    if (!this.#context || (this.#recorded && !failure)) return;
    try {
      const current = await this.#context.currentIncident();
      if (!current) return;
      this.#context.knownMe ??= current.me;
      await this.#journal({ incident: current.id, outcome: failure?.code ?? 'ok' });
    } catch (error) {
      this.tell(`The journal could not be written: ${plainLines((error as Error).message)}`);
    }
  }

  async #journal(entry: {
    incident: string | null;
    outcome: string;
    timeline?: string | null;
    link?: string | null;
  }): Promise<void> {
    const context = this.#context;
    if (!context) return;
    const config = await context.config();
    await context.journal.append({
      id: randomUUID(),
      at: new Date(context.now()).toISOString(),
      who: context.knownMe ?? config.me?.alias ?? this.invocation.shell.env.USER ?? 'unknown',
      world: config.connection.world,
      environment: config.connection.environment,
      incident: entry.incident,
      command: this.redactor.clean(['oncall', (this.id ?? '').replaceAll(':', ' '), ...this.argv].join(' ')),
      outcome: entry.outcome,
      timeline: entry.timeline ? this.redactor.clean(plainLines(entry.timeline)) : null,
      link: entry.link ? this.redactor.clean(entry.link) : null,
    });
  }

  #printFailure(error: OncallError, result?: object): void {
    const { terminal, shell } = this.invocation;
    if (this.jsonEnabled()) {
      const found = result ? { result } : {};
      this.printJson({ ok: false, ...found, error: failureJson(error), warnings: this.#warnings });
    } else {
      const { errorPaint } = terminal;
      this.tell(`${errorPaint.bad(errorPaint.sign.bad)} ${indented(error.message)}`);
      if (error.hint) this.tell(`${errorPaint.dim(errorPaint.sign.next)} ${indented(error.hint)}`);
    }
    if (shell.env.DEBUG?.includes('oncall') && error.cause instanceof Error) {
      terminal.error.write(`${this.redactor.clean(plainLines(error.cause.stack ?? error.cause.message))}\n`);
    }
  }

  /** In a practice world every human line says so, so that no screen of it can be taken for the real one. */
  #write(stream: NodeJS.WritableStream, text: string): void {
    const { paint, label } = this.invocation.terminal;
    const bar = paint.ascii ? '| ' : '│ ';
    const lines = this.redactor.clean(text).split('\n');
    stream.write(lines.map((line) => `${label ? paint.dim(`${label} ${bar}`) : ''}${line}\n`).join(''));
  }
}

/** A message of several lines: only its first begins where ours do, so that a name in it cannot pass for one of them. */
function indented(message: string): string {
  return plainLines(message).replaceAll('\n', '\n  ');
}
