import { setMaxListeners } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alertmanager } from '../clients/alertmanager/alertmanager.ts';
import type { DeadWebhook, Discord } from '../clients/discord/discord.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Config, Service } from '../config/config.ts';
import { findService } from '../config/find-service.ts';
import { interrupted, OncallError } from '../errors.ts';
import { Cache } from '../store/cache.ts';
import type { Memory } from '../store/fallback.ts';
import { makePrivateDirectory, makeTemporaryDirectory, readText, removeFile, removeTree } from '../store/files.ts';
import { Journal, StateFile } from '../store/journal.ts';
import { type Places, placesFrom } from '../store/places.ts';
import type { Redactor } from '../text/redact.ts';
import type { Zone } from '../text/time.ts';
import { allSources } from './all-sources.ts';
import * as connections from './connections.ts';
import { type CurrentIncident, readCurrent, writeCurrent } from './current-incident.ts';
import type { CommonFlags } from './flags.ts';
import { findGithubToken, type Processes } from './github-token.ts';
import type { Invocation } from './invocation.ts';
import { createPrompts, type Prompts } from './prompts.ts';

/**
 * The one place that composes: it knows where settings come from and how each client is connected, and does neither
 * before it is asked. A heavy SDK is loaded when its getter is first used.
 */
export class Context {
  readonly invocation: Invocation;
  readonly flags: CommonFlags;
  readonly places: Places;
  readonly journal: Journal;
  readonly prompts: Prompts;
  readonly zone: Zone;
  readonly redactor: Redactor;
  #config: Promise<Config> | undefined;
  /** My alias, once it was asked for. */
  knownMe: string | null = null;
  readonly #once = new Map<string, Promise<unknown>>();
  readonly #ended = new AbortController();
  /** Ends every question that is under way: at Ctrl-C, and at the end of the command. */
  readonly #untilEnd: AbortSignal;

  constructor(invocation: Invocation, flags: CommonFlags, redactor: Redactor) {
    this.invocation = invocation;
    this.flags = flags;
    this.redactor = redactor;
    this.places = placesFrom(invocation.shell.env, invocation.shell.home);
    this.journal = new Journal(this.places.state);
    this.#untilEnd = AbortSignal.any([invocation.signal, this.#ended.signal]);
    setMaxListeners(0, this.#untilEnd);
    this.prompts = createPrompts(invocation, Boolean(flags['no-input'] || flags.json));
    this.zone = { utc: Boolean(flags.utc), timeZone: invocation.shell.env.TZ ?? null };
  }

  get signal(): AbortSignal {
    return this.invocation.signal;
  }

  now(): number {
    return this.invocation.now();
  }

  /** Hangs up on whoever has not answered yet: the command is over, and the process ends with its last connection. */
  end(): void {
    this.#ended.abort();
  }

  /** What the sources said last: kept apart for each configuration, world, environment, account and address. */
  async memory(): Promise<Memory> {
    const { connection, path } = await this.config();
    const clean = <T>(value: T) => this.redactor.cleanDeep(value);
    const cache = new Cache(this.places.cache, { scope: JSON.stringify([path, connection]), clean });
    return { cache, now: () => this.now() };
  }

  /** State directory of the practice world that this shell points at, or of the one that would be started. */
  get sandboxDirectory(): string {
    return this.invocation.shell.env.ONCALL_SANDBOX ?? join(this.places.state, 'sandbox');
  }

  /** Resolves after so many milliseconds. @throws INTERRUPTED as soon as the user presses Ctrl-C */
  async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal }).catch(() => {
      throw interrupted();
    });
  }

  /** The incident that the last commands were about; null when there is none, or it was resolved here. */
  currentIncident(): Promise<CurrentIncident | null> {
    return readCurrent(this.places.state);
  }

  /** From now on a bare verb means this incident; null ends that. A disk that is full costs this convenience only. */
  async focusOn(incident: { id: string; title: string } | null): Promise<void> {
    await writeCurrent(this.places.state, incident && { ...incident, me: this.knownMe });
  }

  /** A small document of the state directory. */
  stateFile<T>(name: string): StateFile<T> {
    return new StateFile<T>(this.places.state, name);
  }

  /** @throws CONFIG */
  config(): Promise<Config> {
    this.#config ??= import('../config/load.ts').then(({ loadConfig }) => {
      const config = loadConfig({
        shell: this.invocation.shell,
        path: this.flags.config ?? null,
        environment: this.flags.env ?? null,
        userDirectory: this.places.config,
      });
      for (const secret of config.secrets) this.redactor.add(secret);
      const { terminal, shell } = this.invocation;
      if (config.connection.world !== 'production')
        terminal.label = shell.env.ONCALL_DRILL ? 'DRILL' : config.connection.world;
      return config;
    });
    return this.#config;
  }

  /** The JSON Schema of the configuration. */
  async configSchema(): Promise<object> {
    const { jsonSchema } = await import('../config/schema.ts');
    return jsonSchema() as object;
  }

  /** A service by the name that the team gave it. @throws NOT_FOUND with near names */
  async service(name: string): Promise<Service> {
    return findService(await this.config(), name);
  }

  /** The service that was named, or the only one there is. @throws USAGE naming them when there are several */
  async theService(name: string | undefined): Promise<Service> {
    if (name !== undefined) return this.service(name);
    const { services } = await this.config();
    if (services.length === 1 && services[0]) return services[0];
    const names = services.map((service) => service.name).join(', ');
    throw new OncallError('It is not said which service is meant.', { code: 'USAGE', hint: `Name one of: ${names}.` });
  }

  pager(): Promise<Pager> {
    return this.#lazily('pager', () => connections.pager(this.wiring));
  }

  kubernetes(): Promise<Kubernetes> {
    return this.#lazily('kubernetes', () => connections.kubernetes(this.wiring));
  }

  github(): Promise<GitHub> {
    return this.#lazily('github', () => connections.github(this.wiring));
  }

  prometheus(): Promise<Prometheus> {
    return this.#lazily('prometheus', () => connections.prometheus(this.wiring));
  }

  alertmanager(): Promise<Alertmanager> {
    return this.#lazily('alertmanager', () => connections.alertmanager(this.wiring));
  }

  discord(): Promise<Discord> {
    const dead = this.stateFile<Record<string, DeadWebhook>>('dead-webhooks');
    const own = { dead, wait: (ms: number) => this.wait(ms), now: () => this.now() };
    return this.#lazily('discord', () => connections.discord(this.wiring, own));
  }

  /** A client that only adds to an answer: null where it is not configured. */
  async ifConfigured<T>(client: Promise<T>): Promise<T | null> {
    return client.catch((error: unknown) => {
      if (error instanceof OncallError && error.code === 'CONFIG') return null;
      throw error;
    });
  }

  /** The few things that a command does with files of its own. */
  readonly files = { makePrivateDirectory, makeTemporaryDirectory, removeFile, removeTree };

  /** All clients at once, for what is put together from everything. What is not configured is null. */
  sources() {
    return allSources(this);
  }

  /** Running other programs. */
  processes(): Promise<Processes> {
    return import('../clients/processes.ts');
  }

  /** Opens an address in the browser. */
  async openInBrowser(url: string): Promise<void> {
    const { openInBrowser } = await this.processes();
    await openInBrowser(url, { env: this.invocation.shell.env });
  }

  /** A path as the user means it, seen from where the command was typed. */
  pathFrom(path: string): string {
    return resolve(this.invocation.shell.cwd, path);
  }

  /** A file that the configuration names, relative to it; null for an address or a file that is not there. */
  async textBeside(path: string): Promise<string | null> {
    if (URL.canParse(path)) return null;
    return readText(resolve(dirname((await this.config()).path), path));
  }

  /** My contact alias: from the user's own file or the shell, else the login that the credentials name. */
  async me(): Promise<string> {
    const { me } = await this.config();
    const identity = me ? null : await (await this.pager()).identity();
    this.knownMe = me?.alias ?? identity?.login ?? null;
    if (this.knownMe) return this.knownMe;
    throw new OncallError(`It is not clear who you are: the credentials only say ${identity?.principal}.`, {
      code: 'CONFIG',
      hint: `Write \`me: your-contact-alias\` into ${this.places.config}/me.yaml, or set ONCALL_ME.`,
    });
  }

  /** In a practice world the user's real token is never sent anywhere. */
  async #githubToken(): Promise<string | null> {
    const { connection } = await this.config();
    if (connection.world === 'sandbox') return 'sandbox';
    const token = await findGithubToken({ ...this.invocation, signal: this.#untilEnd }, await this.processes());
    this.redactor.add(token);
    return token;
  }

  /** What connects a client. */
  get wiring(): connections.Wiring {
    return {
      settings: async () => (await this.config()).connection,
      githubToken: () => this.#githubToken(),
      signal: this.#untilEnd,
      env: this.invocation.shell.env,
    };
  }

  #lazily<T>(name: string, connect: () => Promise<T>): Promise<T> {
    let client = this.#once.get(name) as Promise<T> | undefined;
    if (!client) {
      client = connect();
      this.#once.set(name, client);
    }
    return client;
  }
}
