import { resolve } from 'node:path';
import { OncallCommand } from '../../lib/cli/base-command.ts';
import { sandboxFlag } from '../../lib/cli/flags.ts';
import { callControl, requireAddress } from '../../lib/sandbox/control-client.ts';
import { formatDuration } from '../../lib/text/time.ts';

interface Status {
  scenario: string;
  speed: number;
  now: string;
  /** Milliseconds of life that its waits have been through. */
  waited: number;
  openIncidents: { title: string; arn: string }[];
  faults: object[];
  requests: number;
}

export default class SandboxStatus extends OncallCommand {
  static override summary = 'Say whether a sandbox runs, and what goes on in it';
  static override examples = ['<%= config.bin %> sandbox status'];
  static override exitCodes = [5, 6];
  static override flags = { ...sandboxFlag };

  async run(): Promise<object> {
    const { flags } = await this.parse(SandboxStatus);
    const context = this.open(flags);
    const address = await requireAddress(resolve(this.invocation.shell.cwd, flags.dir ?? context.sandboxDirectory));
    const status = await callControl<Status>(address, { method: 'GET', path: '/status', signal: context.signal });
    const incidents = status.openIncidents.map(({ title }) => title).join('; ');
    this.say(
      `Running since ${address.startedAt}: scenario ${status.scenario}, speed ${status.speed}, seed ${address.seed}.`,
    );
    this.say(
      `Its waits are ${formatDuration(status.waited)} in. Open incidents: ${incidents || 'none'}. Faults in force: ${status.faults.length}.`,
    );
    this.say(
      `HTTP 127.0.0.1:${address.port}, Kubernetes https://127.0.0.1:${address.kubernetesPort}, files in ${address.directory}.`,
    );
    return {
      ...status,
      port: address.port,
      kubernetesPort: address.kubernetesPort,
      pid: address.pid,
      directory: address.directory,
    };
  }
}
