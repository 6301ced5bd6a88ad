import type { SignInWay } from '../clients/sign-in.ts';
import type { Invocation } from './invocation.ts';

export type Processes = typeof import('../clients/processes.ts');

/** Where a token is looked for before `gh` is asked, first one first. */
const VARIABLES = ['ONCALL_GITHUB_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'] as const;

/** `repo` for private repositories and their deployments, `workflow` for pull requests that touch workflow files. */
const SCOPES = 'repo,workflow';

/**
 * How one signs in to GitHub. A token in the shell outranks what `gh` holds, so that signing in there would not help.
 * @param at.scant whether `gh` is signed in with a token that may too little
 */
export function githubSignInWay(env: Invocation['shell']['env'], at: { host: string; scant: boolean }): SignInWay {
  const variable = VARIABLES.find((name) => env[name]);
  if (variable) {
    return {
      command: null,
      hint: `The token comes from ${variable} in this shell: set a fresh one there, or \`unset ${variable}\` and sign in with gh.`,
    };
  }
  if (at.scant) return { command: ['gh', 'auth', 'refresh', '--hostname', at.host, '--scopes', SCOPES], hint: null };
  const how = ['--git-protocol', 'https', '--web', '--scopes', SCOPES];
  return { command: ['gh', 'auth', 'login', '--hostname', at.host, ...how], hint: null };
}

/** The server whose sign-in an API address wants. */
export function githubHost(apiUrl: string): string {
  const { host } = new URL(apiUrl);
  return host === 'api.github.com' ? 'github.com' : host.replace(/^api\.(?=[\w-]+\.ghe\.com$)/, '');
}

/**
 * The token for GitHub, in the order of GitHub's own tools: the environment, else what `gh` is signed in with.
 * @returns null when there is none
 */
export async function findGithubToken({ shell, signal }: Invocation, { run }: Processes): Promise<string | null> {
  const { env } = shell;
  const variable = VARIABLES.find((name) => env[name]);
  if (variable) return env[variable] ?? null;
  const answer = await run(['gh', 'auth', 'token'], { env, timeout: 5000, signal }).catch(() => null);
  return (answer?.code === 0 && answer.stdout.trim()) || null;
}
