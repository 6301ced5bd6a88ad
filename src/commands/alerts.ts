import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { OncallCommand } from '../lib/cli/base-command.ts';
import { OncallError } from '../lib/errors.ts';
import { type Firing, readFiring } from '../lib/metrics/firing.ts';
import { chosen } from '../lib/metrics/firing-choice.ts';
import { firingView } from '../lib/metrics/firing-view.ts';
import { didYouMean } from '../lib/text/nearest.ts';
import { plain } from '../lib/text/plain.ts';

interface Result {
  alerts: Firing[];
  /** How many are left out because they are silenced or inhibited, and because they only watch the pipeline. */
  suppressed: number;
  watchers: number;
  missing: string[];
}

export default class Alerts extends OncallCommand {
  static override summary = 'What fires now, since when, how far past its limit, and what is silenced';
  static override description =
    'From Alertmanager, with the value and the expression from Prometheus; either of them may be away. A silence that ended within the hour is named, since it is often why an alert is heard now. The name of an alert shows all that it carries.';
  static override examples = [
    { description: 'Everything that fires and is heard', command: '<%= config.bin %> alerts' },
    { description: 'Of one service, silenced ones too', command: '<%= config.bin %> alerts dolthubapi --silenced' },
    { description: 'One alert with labels, annotations and link', command: '<%= config.bin %> alerts ServiceDown' },
  ];
  static override exitCodes = [3, 4, 5, 6];
  static override args = { subject: Args.string({ description: 'Service, or the name of an alert that fires' }) };
  static override flags = {
    silenced: Flags.boolean({ summary: 'Also those that are silenced or inhibited, by whom and until when' }),
    all: Flags.boolean({ summary: 'Also those, and those that only watch the pipeline (Watchdog, severity none)' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Alerts);
    const context = this.open(flags);
    const { paint, width } = this.invocation.terminal;
    const [config, alertmanager, prometheus] = await Promise.all([
      context.config(),
      context.ifConfigured(context.alertmanager()),
      context.ifConfigured(context.prometheus()),
    ]);
    const { connection, services } = config;
    const { alerts, missing } = await readFiring({
      alertmanager: connection.alertmanager && alertmanager,
      prometheus: connection.prometheus && prometheus,
      prometheusUrl: connection.prometheus?.url ?? null,
      now: context.now(),
    });
    const subject = args.subject ?? null;
    const isAlert = alerts.some(({ name }) => name === subject);
    if (subject !== null && !isAlert) {
      this.#refuseUnknown(subject, [...services.map(({ name }) => name), ...alerts.flatMap(namesOf)]);
    }
    const filter = { subject, suppressed: flags.silenced || flags.all || isAlert, watchers: flags.all };
    const { shown, ...leftOut } = chosen(alerts, filter);
    const view = { paint, zone: context.zone, now: context.now(), width, detailed: isAlert };
    this.say(firingView({ shown, ...leftOut, subject, missing }, view));
    return { alerts: shown, ...leftOut, missing };
  }

  #refuseUnknown(subject: string, known: readonly string[]): void {
    if (known.includes(subject)) return;
    const names = [...new Set(known)].map(plain);
    throw new OncallError(
      `There is no service "${plain(subject)}", and no alert of that name fires.${didYouMean(subject, names)}`,
      { code: 'NOT_FOUND', hint: `Choose one of: ${names.join(', ')}; or see all with \`oncall alerts --all\`.` },
    );
  }
}

function namesOf({ name, service }: Firing): string[] {
  return service === null ? [name] : [name, service];
}
