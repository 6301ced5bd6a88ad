import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import type { Context } from '../../lib/cli/context.ts';
import { duration, sandboxFlag } from '../../lib/cli/flags.ts';
import { callControl, requireAddress } from '../../lib/sandbox/control-client.ts';
import type { SandboxAddress } from '../../lib/sandbox/env.ts';
import type { Received } from '../../lib/sandbox/exchange.ts';
import { FACES } from '../../lib/sandbox/faults.ts';
import { fits, isError, isTold } from '../../lib/sandbox/log-entries.ts';
import { plain } from '../../lib/text/plain.ts';

/** How often a log that is followed is read again, in milliseconds. */
const EVERY = 250;
const FACE_WIDTH = Math.max(...FACES.map((face) => face.length));
const FAULT_WIDTH = 10;

export default class SandboxLog extends OncallCommand {
  static override summary = 'What each service of the practice world has received, and answered';
  static override description =
    'Time, service, status, the fault that was played, and the operation. Credentials are never kept. - stands for no answer.';
  static override examples = [
    { description: 'The last requests', command: '<%= config.bin %> sandbox log' },
    {
      description: 'What was changed on GitHub, with bodies',
      command: '<%= config.bin %> sandbox log github --writes --body',
    },
    { description: 'While other commands run', command: '<%= config.bin %> sandbox log --follow --errors' },
  ];
  static override exitCodes = [5, 6];
  static override args = { face: Args.string({ description: 'Only this service', options: [...FACES] }) };
  static override flags = {
    operation: Flags.string({ summary: 'Only operations or paths that contain this', helpValue: 'TEXT' }),
    since: duration({ summary: 'Only what came in this last while' }),
    follow: Flags.boolean({ char: 'f', summary: 'Go on with what comes in; Ctrl-C ends it' }),
    errors: Flags.boolean({ summary: 'Only what was refused, failed, or got no answer' }),
    writes: Flags.boolean({ summary: 'Only what asked for a change' }),
    body: Flags.boolean({ summary: 'Show what was sent' }),
    limit: Flags.integer({ char: 'n', summary: 'At most the last so many', min: 1, default: 50 }),
    ...sandboxFlag,
  };

  async run(): Promise<{ received: Received[] } | undefined> {
    const { args, flags } = await this.parse(SandboxLog);
    const context = this.open(flags);
    const address = await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    const from = flags.since === undefined ? null : new Date(context.now() - flags.since).toISOString();
    const wanted = (one: Received) => fits(one, { ...flags, face: args.face, from });
    const all = await readLog(context, address, 0);
    const shown = all.filter(wanted).slice(-flags.limit);
    if (!flags.follow) {
      if (shown.length === 0) this.say('Nothing of that was received so far.');
      for (const one of shown) this.#print(one, flags.body);
      return { received: shown };
    }
    for (const one of shown) this.#show(one, flags.body);
    // A request that is still being answered is shown once it has been.
    const open = new Set(all.filter((one) => !isTold(one)).map(({ id }) => id));
    for (let seen = all.at(-1)?.id ?? 0; ; await context.wait(EVERY)) {
      const news = await readLog(context, address, Math.min(seen, ...[...open].map((id) => id - 1)));
      for (const one of news) {
        if (one.id <= seen && !open.has(one.id)) continue;
        if (isTold(one)) open.delete(one.id);
        else open.add(one.id);
        if (isTold(one) && wanted(one)) this.#show(one, flags.body);
        seen = Math.max(seen, one.id);
      }
    }
  }

  /** One entry of a stream: a line of JSON each, or text. */
  #show(one: Received, body: boolean): void {
    if (this.jsonEnabled()) this.printJson(one);
    else this.#print(one, body);
  }

  #print(one: Received, body: boolean): void {
    const { paint } = this.invocation.terminal;
    const bad = isError(one);
    const status = one.status === 0 ? '-  ' : String(one.status);
    const fault = (one.fault ?? '').padEnd(FAULT_WIDTH);
    const { operation, method, path } = one;
    // Where an API calls its operations by method and path, those that came say more.
    const what = plain(
      operation?.includes('/') === false || one.face === 'kubernetes' ? (operation ?? path) : `${method} ${path}`,
    );
    const about = one.face === 'kubernetes' && operation ? ` ${paint.dim(plain(path))}` : '';
    this.say(
      `${one.at.slice(11, 23)}Z  ${one.face.padEnd(FACE_WIDTH)}  ${bad ? paint.bad(status) : status}  ${bad ? paint.warn(fault) : fault}  ${one.write ? paint.strong(what) : what}${about}`,
    );
    if (body && one.body !== null)
      this.say(`  ${plain(typeof one.body === 'string' ? one.body : JSON.stringify(one.body))}`);
  }
}

function readLog(context: Context, address: SandboxAddress, after: number): Promise<Received[]> {
  return callControl<Received[]>(address, { method: 'GET', path: `/log?after=${after}`, signal: context.signal });
}
