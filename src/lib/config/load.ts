import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OncallError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { Assembly } from './assemble.ts';
import type { Config, LoadRequest } from './config.ts';
import { parseDocumentText } from './document.ts';
import type { Shell } from './shell.ts';

export const CONFIG_FILE = 'oncall.yaml';

/** Where the configuration is, in the order in which it is looked for; null when it is nowhere. */
export function findConfig(request: LoadRequest): string | null {
  const named = request.path ?? request.shell.env.ONCALL_CONFIG;
  if (named) return resolve(request.shell.cwd, named);
  for (let directory = request.shell.cwd; ; directory = dirname(directory)) {
    const path = join(directory, CONFIG_FILE);
    if (existsSync(path)) return path;
    if (directory === dirname(directory)) break;
  }
  const own = join(request.userDirectory, CONFIG_FILE);
  return existsSync(own) ? own : null;
}

/**
 * The effective configuration: the team's file, what the chosen environment changes in it, then the shell.
 * @throws CONFIG when there is none or it is not valid
 */
export function loadConfig(request: LoadRequest): Config {
  const path = findConfig(request);
  if (!path) {
    throw new OncallError(`No ${CONFIG_FILE} here, in a directory above, or in ${request.userDirectory}.`, {
      code: 'CONFIG',
      hint: 'Write one with `oncall config init`, or try everything in a practice world first: `oncall sandbox start`.',
    });
  }
  const file = parseDocumentText(readConfig(path, request.shell), path);
  const environment = request.environment ?? request.shell.env.ONCALL_ENV ?? 'production';
  const known = Object.keys(file.content.environments ?? {});
  if (environment !== 'production' && !known.includes(environment)) {
    throw new OncallError(
      `There is no environment "${environment}".${didYouMean(environment, ['production', ...known])}`,
      {
        code: 'CONFIG',
        hint:
          known.length > 0
            ? `Choose one of: production, ${known.join(', ')}.`
            : `Add it under \`environments:\` in ${path}.`,
      },
    );
  }
  return new Assembly(file, environment, request).build();
}

function readConfig(path: string, shell: Shell): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const practice = gone && path === shell.env.ONCALL_CONFIG && shell.env.ONCALL_SANDBOX;
    throw new OncallError(
      practice
        ? `The sandbox has gone: its configuration ${path} no longer exists.`
        : `Cannot read the configuration ${path}: ${gone ? 'there is no such file' : (error as Error).message}.`,
      {
        code: 'CONFIG',
        hint: practice
          ? 'Start it again with `oncall sandbox start`, or leave the practice world: eval "$(oncall sandbox env --unset)"'
          : 'Name an existing file with --config or ONCALL_CONFIG.',
        cause: error,
      },
    );
  }
}
