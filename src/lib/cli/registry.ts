import type { Command } from '@oclif/core/command';
import type { Plugin } from '@oclif/core/interfaces';

/** What the build knows of every command without loading it: oclif's manifest entry, and how to load the class. */
export interface RegisteredCommand {
  metadata: Command.Cached;
  load: () => Promise<{ default: unknown }>;
}

export interface Registry {
  version: string;
  commands: Readonly<Record<string, RegisteredCommand>>;
}

/** One line for each topic in `--help`. */
const TOPICS = [
  { name: 'config', description: 'The configuration: show, check, write' },
  { name: 'deploys', description: 'Deploys: list, propose the workflows' },
  { name: 'drill', description: 'Practice an incident with the real commands' },
  { name: 'incident', description: 'Incidents: list, show, timeline, link' },
  { name: 'sandbox', description: 'The practice world: start, point at, stop' },
  { name: 'sandbox:fault', description: 'Make a service of the practice world misbehave, and let it work again' },
];

/** The package description that oclif wants; the same for the bundle, for `bin/dev.js` and for tests. */
export function packageDescription(version: string) {
  return {
    name: 'oncall',
    version,
    description: 'From the page to the post-incident analysis in one terminal',
    oclif: { bin: 'oncall', dirname: 'oncall', topicSeparator: ' ' as const },
  };
}

/**
 * The root plugin, in memory: no manifest is read, no folder searched, no package.json looked for at start-up.
 * @see https://oclif.io/docs/plugin_loading/ (`LoadOptions.plugins`)
 */
export function rootPlugin(registry: Registry, root: string): Plugin {
  const commands = Object.entries(registry.commands).map(([id, { metadata, load }]) => ({
    ...metadata,
    id,
    load: async () => {
      const command = (await load()).default as Command.Class;
      command.id = id;
      return command;
    },
  }));
  const find = (id: string) => commands.find((command) => command.id === id || command.aliases.includes(id))?.load();
  return {
    _base: 'oncall',
    alias: 'oncall',
    commandIDs: commands.map((command) => command.id),
    commands,
    commandsDir: undefined,
    findCommand: find as Plugin['findCommand'],
    hasManifest: true,
    hooks: {},
    isRoot: true,
    load: async () => {},
    moduleType: 'commonjs',
    name: 'oncall',
    options: { root },
    pjson: packageDescription(registry.version) as Plugin['pjson'],
    root,
    topics: TOPICS,
    type: 'core',
    valid: true,
    version: registry.version,
  };
}
