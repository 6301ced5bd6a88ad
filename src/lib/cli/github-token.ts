import type { Invocation } from './invocation.ts';

export type Processes = typeof import('../clients/processes.ts');

/**
 * The token for GitHub, in the order of GitHub's own tools: the environment, else what `gh` is signed in with.
 * @returns null when there is none
 */
export async function findGithubToken({ shell, signal }: Invocation, { run }: Processes): Promise<string | null> {
  const { env } = shell;
  const given = env.ONCALL_GITHUB_TOKEN || env.GITHUB_TOKEN || env.GH_TOKEN;
  if (given) return given;
  const answer = await run(['gh', 'auth', 'token'], { env, timeout: 5000, signal }).catch(() => null);
  return (answer?.code === 0 && answer.stdout.trim()) || null;
}
