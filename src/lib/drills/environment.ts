import type { Sandbox } from '../sandbox/sandbox.ts';

/** The environment of a drill's commands: the shell's own, pointed at the practice world, with `oncall` on its path. */
export function drillEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  sandbox: Sandbox,
): Record<string, string> {
  const merged = {
    ...env,
    ...sandbox.environment,
    PATH: `${sandbox.address.directory}/bin:${env.PATH ?? ''}`,
    ONCALL_DRILL: '1',
  };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
