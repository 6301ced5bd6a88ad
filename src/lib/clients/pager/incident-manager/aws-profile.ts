import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellLine } from '../../../text/shell-line.ts';
import type { Environment } from '../../processes.ts';
import type { End, SignInWay } from '../../sign-in.ts';

type Section = Record<string, string>;

/** Where the credentials of these settings come from, as AWS's own tools look for them. */
interface Source {
  profile: string | null;
  /** The part of the shared files that signs in, after `source_profile` was followed; null when there is none. */
  section: Section | null;
  sessions: Record<string, Section>;
}

/** No chain of `source_profile` is longer in good faith. */
const LONGEST_CHAIN = 5;

/**
 * The way to sign in to AWS. Asks nobody but this machine's own files.
 * @param profile the one in use; null takes keys from the shell, else the profile `default`
 */
export async function awsSignInWay(profile: string | null, env: Environment): Promise<SignInWay> {
  if (!profile && env['AWS_ACCESS_KEY_ID']) {
    return { command: null, hint: 'The keys come from this shell (AWS_ACCESS_KEY_ID): set fresh ones there.' };
  }
  const { section } = await sourceOf(profile, env);
  const option = profile ? ['--profile', profile] : [];
  if (!section) {
    return {
      command: ['aws', 'configure', 'sso', ...option],
      hint: profile
        ? `This machine has no AWS profile "${profile}" yet. It asks for the start address and region: your team knows them.`
        : 'This machine has no AWS profile yet. Name the new one in AWS_PROFILE, or in `aws.profile` of oncall.yaml.',
    };
  }
  if (section['sso_session'] || section['sso_start_url']) return { command: browserless(option, env), hint: null };
  if (section['login_session']) return { command: ['aws', 'login', ...option], hint: null };
  if (section['credential_process']) {
    return { command: null, hint: 'A program of its own gives the credentials (`credential_process`): sign in there.' };
  }
  return {
    command: null,
    hint: `The keys come from a file: put fresh ones there with \`${shellLine(['aws', 'configure', ...option])}\`.`,
  };
}

/**
 * Everything about the sign-in that runs out.
 * @param credentialsEnd when the credentials in use end, in milliseconds since 1970; null when nobody says so
 */
export async function awsEnds(
  profile: string | null,
  facts: { env: Environment; credentialsEnd: number | null },
): Promise<End[]> {
  const { env, credentialsEnd } = facts;
  const fromShell = !profile && env['AWS_ACCESS_KEY_ID'];
  const { section, sessions } = fromShell ? { section: null, sessions: {} } : await sourceOf(profile, env);
  const session = section && (await sessionEnd(section, sessions, env));
  // Whoever exported the keys wrote beside them when they end: `aws configure export-credentials --format env`.
  const told = fromShell ? Date.parse(env['AWS_CREDENTIAL_EXPIRATION'] ?? '') : Number.NaN;
  const end = Number.isNaN(told) ? credentialsEnd : told;
  return [
    ...(session ? [session] : []),
    ...(end === null ? [] : [{ what: 'credentials', at: stamp(end), renewed: !fromShell }]),
  ];
}

/**
 * The cache that `aws sso login` writes: one file a session, named after its name, or after the start address where a
 * profile has no session. https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
 */
async function sessionEnd(
  section: Section,
  sessions: Readonly<Record<string, Section>>,
  env: Environment,
): Promise<End | null> {
  const name = section['sso_session'];
  const key = name && sessions[name] ? name : section['sso_start_url'];
  if (!key) return null;
  const file = join(home(env), '.aws', 'sso', 'cache', `${createHash('sha1').update(key).digest('hex')}.json`);
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const { expiresAt, refreshToken } = JSON.parse(text) as { expiresAt?: string; refreshToken?: string };
    const at = Date.parse((expiresAt ?? '').replace('UTC', 'Z'));
    if (Number.isNaN(at)) return null;
    // With a refresh token the access token, an hour long, is exchanged for a new one until the session itself is over.
    return { what: 'single sign-on session', at: stamp(at), renewed: Boolean(refreshToken) };
  } catch {
    return null;
  }
}

/** Without a display no browser can be opened here; the address and code are printed instead. */
function browserless(option: readonly string[], env: Environment): [string, ...string[]] {
  const display =
    process.platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['WSL_DISTRO_NAME']);
  return ['aws', 'sso', 'login', ...option, ...(display && !env['SSH_CONNECTION'] ? [] : ['--no-browser'])];
}

async function sourceOf(profile: string | null, env: Environment): Promise<Source> {
  const folder = join(home(env), '.aws');
  const [config, credentials] = await Promise.all([
    readIni(env['AWS_CONFIG_FILE'] || join(folder, 'config')),
    readIni(env['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials')),
  ]);
  const named = (name: string): Section | null => {
    const own = config[name === 'default' ? 'default' : `profile ${name}`];
    const keys = credentials[name];
    return own || keys ? { ...own, ...keys } : null;
  };
  const sessions = Object.fromEntries(
    Object.entries(config).flatMap(([name, values]) =>
      name.startsWith('sso-session ') ? [[name.slice('sso-session '.length).trim(), values]] : [],
    ),
  );
  let section = named(profile ?? 'default');
  for (let step = 0; step < LONGEST_CHAIN && section?.['source_profile']; step++) {
    const before: Section | null = named(section['source_profile']);
    if (!before || before === section) break;
    section = before;
  }
  return { profile, section, sessions };
}

function home(env: Environment): string {
  return env['HOME'] || env['USERPROFILE'] || '';
}

/** Sections of an INI file as AWS writes them. A file that is missing has none. */
async function readIni(path: string): Promise<Record<string, Section>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const sections: Record<string, Section> = {};
  let section: Section = {};
  for (const line of text.split('\n')) {
    const title = /^\[\s*([^\]]+?)\s*\]/.exec(line)?.[1]?.replace(/\s+/g, ' ').replaceAll('"', '');
    if (title) {
      sections[title] ??= {};
      section = sections[title];
      continue;
    }
    const [, key, value] = /^([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key && value !== undefined) section[key] = value;
  }
  return sections;
}

function stamp(at: number): string {
  return new Date(at).toISOString();
}
