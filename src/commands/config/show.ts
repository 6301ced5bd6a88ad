import { OncallCommand } from '../../lib/cli/base-command.ts';
import { plain } from '../../lib/text/plain.ts';
import { type Column, table } from '../../lib/text/table.ts';

/** One effective setting. */
interface Value {
  key: string;
  value: unknown;
  /** `FILE:LINE`, the name of a shell variable, or `default`. */
  source: string;
}

const COLUMNS: readonly Column<Value>[] = [
  { title: 'KEY', cell: ({ key }) => plain(key) },
  {
    title: 'VALUE',
    cell: ({ value }) => plain(typeof value === 'string' ? value : JSON.stringify(value)),
    shrink: true,
  },
  { title: 'FROM', cell: ({ source }) => plain(source) },
];

export default class ConfigShow extends OncallCommand {
  static override summary = 'Show every setting that is in force, and where each one comes from';
  static override description =
    'What the team’s file, the chosen environment and the shell together say. Secrets are masked.';
  static override examples = [
    { description: 'What is in force here', command: '<%= config.bin %> config show' },
    { description: 'In another environment', command: '<%= config.bin %> config show --env staging' },
  ];
  static override exitCodes = [3];

  async run(): Promise<{ path: string; values: Value[] }> {
    const { flags } = await this.parse(ConfigShow);
    const context = this.open(flags);
    const { path, origins, connection } = await context.config();
    const { width } = this.invocation.terminal;
    const values = origins.map(({ key, value, source }) => ({ key, value, source }));
    this.tell(`${path}, environment ${plain(connection.environment)}`);
    // On a terminal the file is named once, above, and each line by its number alone.
    const shown = values.map((one) => ({ ...one, source: width === null ? one.source : short(one.source, path) }));
    this.say(table(shown, COLUMNS, width));
    return { path, values };
  }
}

function short(source: string, path: string): string {
  return source.startsWith(`${path}:`) ? `line ${source.slice(path.length + 1)}` : source;
}
