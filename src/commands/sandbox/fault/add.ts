import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../../lib/cli/flags.ts';
import { OncallError } from '../../../lib/errors.ts';
import { callControl, requireAddress } from '../../../lib/sandbox/control-client.ts';
import { faultWords } from '../../../lib/sandbox/fault-words.ts';
import { FACES, FAULT_KINDS, type Fault } from '../../../lib/sandbox/faults.ts';
import { plain } from '../../../lib/text/plain.ts';

export default class SandboxFaultAdd extends OncallCommand {
  static override summary = 'Make a service of the practice world misbehave';
  static override description =
    'From now on, until it is taken back: answers of the service with an error, late, cut, unreadable, or never. slow, cut and lost do what was asked for; the others do nothing. A stream is cut after its first two kilobytes, or after 5 s.';
  static override examples = [
    { description: 'GitHub is down', command: '<%= config.bin %> sandbox fault add github 503' },
    {
      description: 'The acknowledgement is made, but its answer is lost, once',
      command: '<%= config.bin %> sandbox fault add ssm-contacts lost --match AcceptPage --count 1',
    },
    {
      description: 'Every third query fails',
      command: '<%= config.bin %> sandbox fault add prometheus 500 --rate 0.33',
    },
    {
      description: 'Logs break off while they are followed',
      command: '<%= config.bin %> sandbox fault add kubernetes cut --match /log',
    },
  ];
  static override exitCodes = [5, 6];
  static override args = {
    face: Args.string({ required: true, description: 'Service', options: [...FACES] }),
    kind: Args.string({ required: true, description: 'What it does', options: [...FAULT_KINDS] }),
  };
  static override flags = {
    rate: Flags.custom<number>({ parse: async (text) => share(text), helpValue: '0..1' })({
      summary: 'Share of the requests that it hits; the same seed hits the same ones',
    }),
    count: Flags.integer({ summary: 'Hits so many requests, then no more', min: 1 }),
    after: Flags.integer({ summary: 'Lets so many requests pass first', min: 0 }),
    match: Flags.string({ summary: 'Only requests whose path or operation contains this', helpValue: 'TEXT' }),
    echo: Flags.boolean({ summary: 'An error answer repeats the request’s headers, as some proxies do' }),
    ...sandboxFlag,
  };

  async run(): Promise<{ fault: Fault }> {
    const { args, flags } = await this.parse(SandboxFaultAdd);
    const context = this.open(flags);
    const address = await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    const { rate, count, after, match, echo } = flags;
    const fault = await callControl<Fault>(address, {
      method: 'POST',
      path: '/faults',
      body: { ...args, rate, count, after, match, echo },
      signal: context.signal,
    });
    const { paint } = this.invocation.terminal;
    const dir = flags.dir ? ` --dir ${flags.dir}` : '';
    this.say(`${paint.warn(paint.sign.warn)} ${plain(faultWords(fault))}.`);
    this.say(`${paint.sign.next} take it back: ${paint.command(`oncall sandbox fault clear ${fault.id}${dir}`)}`);
    this.say(
      `${paint.sign.next} see what it hits: ${paint.command(`oncall sandbox log ${fault.face} --follow${dir}`)}`,
    );
    return { fault };
  }
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new OncallError(`"${text}" is not a share.`, {
    code: 'USAGE',
    hint: 'Give a number above 0 and up to 1, such as 0.25 for every fourth request.',
  });
}
