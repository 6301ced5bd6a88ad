import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import type { DiscordSettings, DiscordWebhook } from './settings.ts';
import type { Shell } from './shell.ts';

const OTHERS_CAN_READ = 0o077;
const AUDIENCES = ['responders', 'customers'] as const;

type Webhooks = Pick<DiscordSettings, (typeof AUDIENCES)[number]>;

/**
 * The webhooks: each from the shell's variable, else from the user's own file. What is wrong with the file is kept as
 * words, since only those who want to post shall meet it.
 * @param request.file empty where there is none
 */
export function readDiscord(request: { file: string; env: Shell['env']; mentionRole: string | null }): DiscordSettings {
  const { file, env, mentionRole } = request;
  const told = file ? ownFile(file) : { problem: null, webhooks: null, exposed: false };
  const of = (audience: (typeof AUDIENCES)[number]): DiscordWebhook | null => {
    const variable = `ONCALL_DISCORD_${audience.toUpperCase()}`;
    const url = env[variable]?.trim();
    return url ? { url, source: variable } : (told.webhooks?.[audience] ?? null);
  };
  const { problem, exposed } = told;
  return { responders: of('responders'), customers: of('customers'), mentionRole, file, problem, exposed };
}

interface OwnFile {
  webhooks: Webhooks | null;
  problem: string | null;
  exposed: boolean;
}

function ownFile(file: string): OwnFile {
  let text: string;
  let exposed: boolean;
  try {
    exposed = (statSync(file).mode & OTHERS_CAN_READ) !== 0;
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return { webhooks: null, problem: missing ? null : `${file} cannot be read (${code}).`, exposed: false };
  }
  const content = contentOf(text);
  const broken = content === undefined ? 'is not valid YAML' : problemIn(content);
  if (broken) return { webhooks: null, problem: `${file} ${broken}.`, exposed };
  const values = (content ?? {}) as Partial<Record<string, string>>;
  const of = (audience: string): DiscordWebhook | null =>
    values[audience] ? { url: values[audience].trim(), source: file } : null;
  return { webhooks: { responders: of('responders'), customers: of('customers') }, problem: null, exposed };
}

/** Undefined for what is no YAML. The parser's own words are not kept: they quote the file, and the file holds secrets. */
function contentOf(text: string): unknown {
  try {
    return (parse(text, { logLevel: 'error' }) as unknown) ?? null;
  } catch {
    return undefined;
  }
}

function problemIn(content: unknown): string | null {
  if (content === null) return null;
  if (typeof content !== 'object' || Array.isArray(content)) return 'must hold `responders: URL` and `customers: URL`';
  const entries = Object.entries(content as Record<string, unknown>);
  const unknown = entries.find(([key]) => !(AUDIENCES as readonly string[]).includes(key));
  if (unknown) return `has a key "${unknown[0]}"; only responders and customers are known`;
  const odd = entries.find(([, value]) => value !== null && typeof value !== 'string');
  return odd ? `must give one address for ${odd[0]}` : null;
}

/** Every part of the webhooks that must never be shown: whole addresses, and their last piece, which is the token. */
export function secretsOf({ responders, customers }: DiscordSettings): string[] {
  return [responders, customers].flatMap((webhook) => {
    if (!webhook) return [];
    const bare = webhook.url.split(/[?#]/)[0] ?? '';
    return [webhook.url, bare, bare.replace(/\/+$/, '').split('/').at(-1) ?? ''];
  });
}
