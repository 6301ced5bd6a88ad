import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from '@oclif/core/command';
import { Plugin } from '@oclif/core/config';
import type { Registry } from '../src/lib/cli/registry.ts';
import { packageDescription } from '../src/lib/cli/registry.ts';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
const COMMANDS = join(ROOT, 'src', 'commands');

/** Every command file by its id: the path is what is typed, with `index.ts` standing for its folder. */
export async function commandFiles(): Promise<Record<string, string>> {
  const files = (await readdir(COMMANDS, { recursive: true })).filter((file) => file.endsWith('.ts')).sort();
  return Object.fromEntries(
    files.map((file) => [
      relative('.', file)
        .replace(/\.ts$/, '')
        .replace(/(^|\/)index$/, '')
        .replaceAll('/', ':'),
      join(COMMANDS, file),
    ]),
  );
}

/** oclif's own manifest entries, made by its own code, so that help is what plain oclif would print. */
export async function commandMetadata(): Promise<Record<string, Command.Cached>> {
  const description = packageDescription(VERSION);
  const plugin = new Plugin({
    root: ROOT,
    pjson: { ...description, oclif: { ...description.oclif, commands: './src/commands' } } as never,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    isRoot: true,
    type: 'core',
    respectNoCacheDefault: true,
  });
  await plugin.load();
  return plugin.manifest.commands as Record<string, Command.Cached>;
}

/** The registry over the sources, as `bin/dev.js` and the tests use it; the bundle holds the same one made at build time. */
export async function sourceRegistry(): Promise<Registry> {
  const [files, metadata] = await Promise.all([commandFiles(), commandMetadata()]);
  return {
    version: VERSION,
    commands: Object.fromEntries(
      Object.entries(files).map(([id, file]) => [
        id,
        {
          metadata: metadata[id] as Command.Cached,
          load: () => import(pathToFileURL(file).href) as Promise<{ default: unknown }>,
        },
      ]),
    ),
  };
}
