import { OncallCommand } from '../../lib/cli/base-command.ts';

export default class ConfigSchema extends OncallCommand {
  static override summary = 'Print the JSON Schema of oncall.yaml, for editors';
  static override examples = [
    {
      description: 'Let an editor check the file while you type',
      command: '<%= config.bin %> config schema > oncall.schema.json',
    },
  ];

  async run(): Promise<object> {
    const { flags } = await this.parse(ConfigSchema);
    const schema = await this.open(flags).configSchema();
    this.sayVerbatim(JSON.stringify(schema, null, 2));
    return schema;
  }
}
