import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { OncallError } from '../errors.ts';
import type { Config, LoadRequest, Origin, Service } from './config.ts';
import { readDiscord, secretsOf } from './discord.ts';
import type { Document } from './document.ts';
import type { ServiceContent } from './schema.ts';
import type { ConnectionSettings, DiscordSettings, World } from './settings.ts';

/** Builds a `Config` and notes for each value where it came from. */
export class Assembly {
  readonly #file: Document;
  readonly #environment: string;
  readonly #request: LoadRequest;
  readonly #origins: Origin[] = [];

  constructor(file: Document, environment: string, request: LoadRequest) {
    this.#file = file;
    this.#environment = environment;
    this.#request = request;
  }

  get #practice(): boolean {
    return this.#file.content.world === 'sandbox';
  }

  build(): Config {
    const { environment, shell } = this.#request;
    this.#origins.push({
      key: 'environment',
      value: this.#environment,
      source: environment ? '--env' : shell.env.ONCALL_ENV ? 'ONCALL_ENV' : 'default',
    });
    const world = this.#pick<World>('world', { fallback: 'production' }) ?? 'production';
    const namespace = this.#pick<string>('kubernetes.namespace', { fallback: 'default' }) ?? 'default';
    const connection: ConnectionSettings = {
      world,
      environment: this.#environment,
      aws: {
        region:
          this.#pick<string>('aws.region', { shell: ['AWS_REGION', 'AWS_DEFAULT_REGION'], fallback: 'us-east-1' }) ??
          'us-east-1',
        profile: this.#pick('aws.profile', { shell: ['AWS_PROFILE'] }),
        endpoint: this.#pick('aws.endpoint', {}),
      },
      kubernetes: {
        kubeconfig: this.#pick('kubernetes.kubeconfig', { path: true }),
        context: this.#pick('kubernetes.context', {}),
      },
      prometheus: this.#address('prometheus.url', 'ONCALL_PROMETHEUS_URL'),
      alertmanager: this.#address('alertmanager.url', 'ONCALL_ALERTMANAGER_URL'),
      github: {
        apiUrl:
          this.#pick<string>('github.apiUrl', { shell: ['GITHUB_API_URL'], fallback: 'https://api.github.com' }) ?? '',
      },
      discord: this.#discord(),
    };
    const { content } = this.#file;
    const names = [
      ...new Set([...Object.keys(content.services ?? {}), ...Object.keys(this.#overlay()?.services ?? {})]),
    ];
    return {
      path: this.#file.path,
      team: this.#pick('team', {}),
      escalation: { plan: this.#pick('escalation.plan', {}), schedule: this.#pick('escalation.schedule', {}) },
      connection,
      services: names.map((name) => this.#service(name, namespace)),
      me: this.#me(),
      origins: this.#origins,
      secrets: secretsOf(connection.discord),
    };
  }

  #overlay() {
    return this.#file.content.environments?.[this.#environment];
  }

  /** One value by its dotted key: the shell, else the environment's part of the file, else the file, else the default. */
  #pick<T>(key: string, options: { shell?: string[]; fallback?: T; path?: boolean }): T | null {
    const steps = key.split('.');
    const note = (value: T, source: string): T => {
      this.#origins.push({ key, value, source });
      return value;
    };
    // In a practice world the file alone decides: nothing in the shell may lead out of it.
    for (const variable of this.#practice ? [] : (options.shell ?? [])) {
      const value = this.#request.shell.env[variable];
      if (value) return note(value as T, variable);
    }
    for (const prefix of [['environments', this.#environment], []]) {
      const value = dig(this.#file.content, [...prefix, ...steps]) as T | undefined;
      if (value === undefined) continue;
      const line = this.#file.lineOf([...prefix, ...steps]);
      const real = options.path ? (this.#path(String(value)) as T) : value;
      return note(real, `${this.#file.path}${line ? `:${line}` : ''}`);
    }
    if (options.fallback !== undefined) return note(options.fallback, 'default');
    return null;
  }

  /** A path in the file is relative to the file; `~` is the user's home, as in a shell. */
  #path(written: string): string {
    if (written === '~' || written.startsWith('~/')) return join(this.#request.shell.home, written.slice(1));
    return resolve(dirname(this.#file.path), written);
  }

  #address(key: string, variable: string): { url: string } | null {
    const url = this.#pick<string>(key, { shell: [variable] });
    return url ? { url: url.replace(/\/+$/, '') } : null;
  }

  /** Of the webhooks only the origin is noted, never the address. */
  #discord(): DiscordSettings {
    const own = join(this.#request.userDirectory, 'discord.yaml');
    const settings = readDiscord({
      // A practice world never posts where the user's own webhooks lead.
      file: this.#pick<string>('discord.webhooks', { path: true }) ?? (this.#practice ? '' : own),
      env: this.#practice ? {} : this.#request.shell.env,
      mentionRole: this.#pick('discord.mentionRole', {}),
    });
    for (const audience of ['responders', 'customers'] as const) {
      const source = settings[audience]?.source;
      if (source) this.#origins.push({ key: `discord.${audience}`, value: 'set', source });
    }
    return settings;
  }

  #service(name: string, commonNamespace: string): Service {
    const key = (part: string) => `services.${name}.${part}`;
    const base = dig(this.#file.content, ['services', name]) as ServiceContent | undefined;
    const own = dig(this.#overlay(), ['services', name]) as ServiceContent | undefined;
    const take = <T>(part: string, fallback?: T) => this.#pickService<T>(name, part, fallback);
    const queries = { ...base?.queries, ...own?.queries };
    return {
      name,
      description: take<string>('description'),
      target: {
        context: take<string>('context'),
        namespace: this.#pickService(name, 'namespace', commonNamespace, this.#sourceOf('kubernetes.namespace')) ?? '',
        selector: take('selector', `app=${name}`) ?? '',
      },
      repository: take<string>('repository'),
      githubEnvironment: take('githubEnvironment', this.#environment) ?? this.#environment,
      workflows: {
        deploy: take('workflows.deploy', 'deploy.yml') ?? '',
        revert: take('workflows.revert', 'revert.yml') ?? '',
        ref: take<string>('workflows.ref'),
        shaInput: take('workflows.shaInput', 'sha') ?? '',
        nonceInput: take('workflows.nonceInput', 'nonce') ?? '',
        reasonInput: take('workflows.reasonInput', 'reason') ?? '',
      },
      queries: Object.entries(queries).map(([query, content]) => {
        const full = typeof content === 'string' ? { expr: content } : content;
        const origin =
          own?.queries?.[query] === undefined
            ? ['services', name, 'queries', query]
            : ['environments', this.#environment, 'services', name, 'queries', query];
        this.#origins.push({
          key: key(`queries.${query}`),
          value: full.expr,
          source: `${this.#file.path}:${this.#file.lineOf(origin) ?? 1}`,
        });
        return {
          name: query,
          expr: full.expr,
          unit: full.unit ?? null,
          limit: full.limit ?? null,
          description: full.description ?? null,
        };
      }),
      runbook: take<string>('runbook'),
      responsePlan: take('responsePlan', name) ?? name,
      dependsOn: take<string[]>('dependsOn') ?? [],
    };
  }

  #sourceOf(key: string): string {
    return this.#origins.find((origin) => origin.key === key)?.source ?? 'default';
  }

  #pickService<T>(name: string, part: string, fallback?: T, fallbackSource = 'default'): T | null {
    const steps = ['services', name, ...part.split('.')];
    for (const prefix of [['environments', this.#environment], []]) {
      const value = dig(this.#file.content, [...prefix, ...steps]) as T | undefined;
      if (value === undefined) continue;
      this.#origins.push({
        key: steps.join('.'),
        value,
        source: `${this.#file.path}:${this.#file.lineOf([...prefix, ...steps]) ?? 1}`,
      });
      return value;
    }
    if (fallback === undefined) return null;
    this.#origins.push({ key: steps.join('.'), value: fallback, source: fallbackSource });
    return fallback;
  }

  #me(): Config['me'] {
    const variable = this.#request.shell.env.ONCALL_ME;
    const found = variable
      ? { alias: variable, source: 'ONCALL_ME' }
      : this.#practice
        ? null
        : ownFile(join(this.#request.userDirectory, 'me.yaml'));
    if (found) this.#origins.push({ key: 'me', value: found.alias, source: found.source });
    return found;
  }
}

/** The user's own file holds one line: `me: ALIAS`. It is not read in a practice world, which signs in as somebody else. */
function ownFile(path: string): Config['me'] {
  if (!existsSync(path)) return null;
  const unclear = (cause?: unknown) =>
    new OncallError(`${path} does not say who you are.`, {
      code: 'CONFIG',
      hint: 'Write one line into it: `me: your-contact-alias`.',
      cause,
    });
  let alias: unknown;
  try {
    alias = (parse(readFileSync(path, 'utf8')) as { me?: unknown } | null)?.me;
  } catch (error) {
    throw unclear(error);
  }
  if (typeof alias === 'string' && alias) return { alias, source: path };
  throw unclear();
}

function dig(value: unknown, steps: readonly string[]): unknown {
  let inner = value;
  for (const step of steps) {
    if (!inner || typeof inner !== 'object') return undefined;
    inner = (inner as Record<string, unknown>)[step];
  }
  return inner;
}
