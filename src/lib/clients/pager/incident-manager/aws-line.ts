import { setTimeout as pause } from 'node:timers/promises';
import { SSMContactsClient } from '@aws-sdk/client-ssm-contacts';
import { SSMIncidentsClient } from '@aws-sdk/client-ssm-incidents';
import { STSClient } from '@aws-sdk/client-sts';
import type { ConnectionSettings } from '../../../config/settings.ts';
import { interrupted, OncallError } from '../../../errors.ts';
import { guardedAgents } from '../../outbound.ts';
import { explain } from './errors.ts';
import { type Failure, failureOf } from './failures.ts';

const DEADLINE = 10_000;
const TRIES = 2;
const SHORT_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** Region names are put into host names, and the older of the two SDK generations does not look at them first. */
const REGION = /^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/;

export interface LineOptions {
  settings: ConnectionSettings;
  signal: AbortSignal;
  /** Milliseconds one request may take, signing in included. */
  deadline?: number;
  clockNow?: () => number;
}

/** One request to AWS, as its errors name it. */
export interface Call {
  /** The IAM action, which is also the operation: `ssm-contacts:AcceptPage`. */
  action: string;
  /** What the user asked for, in case AWS has no such thing: `page 12ab`. */
  about?: string;
}

type Go<T> = (options: { abortSignal: AbortSignal }) => Promise<T>;

/**
 * The line to AWS: three clients that share their credentials and their connections, and the one place that decides
 * about deadlines, repeats and errors. The SDKs' own repeats are off: they would repeat writes, too.
 */
export class AwsLine {
  readonly incidents: SSMIncidentsClient;
  readonly contacts: SSMContactsClient;
  readonly sts: STSClient;
  readonly settings: ConnectionSettings;
  readonly #signal: AbortSignal;
  readonly #deadline: number;
  readonly #clockNow: () => number;

  /** @throws CONFIG when the region is not one */
  constructor(options: LineOptions) {
    const { settings, signal } = options;
    const { region, profile, endpoint } = settings.aws;
    if (!REGION.test(region)) {
      throw new OncallError(`"${region}" is not an AWS region.`, {
        code: 'CONFIG',
        hint: 'Set `aws.region` in oncall.yaml, for example to us-west-2.',
      });
    }
    this.settings = settings;
    this.#signal = signal;
    this.#deadline = options.deadline ?? DEADLINE;
    this.#clockNow = options.clockNow ?? Date.now;
    const agents = guardedAgents(settings.world);
    // The endpoint goes to each client in code: of the variables that set it, the older generation ignores one.
    const base = { region, maxAttempts: 1, ...(endpoint ? { endpoint } : {}) };
    this.sts = new STSClient({
      ...base,
      requestHandler: { httpAgent: agents.http, httpsAgent: agents.https },
      ...(settings.world === 'sandbox'
        ? { credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' } }
        : profile
          ? { profile }
          : {}),
    });
    // Resolved once for all three: the older generation knows neither `profile` nor the newer kinds of sign-in.
    const { credentials, requestHandler } = this.sts.config;
    this.incidents = new SSMIncidentsClient({ ...base, credentials, requestHandler });
    this.contacts = new SSMContactsClient({ ...base, credentials, requestHandler });
  }

  /** When the credentials in use end, in milliseconds since 1970; null for keys that do not. @throws AUTH */
  credentialsEnd(): Promise<number | null> {
    return this.ask({ action: 'sts:GetCallerIdentity' }, async () => {
      const { expiration } = await this.sts.config.credentials();
      return expiration?.getTime() ?? null;
    });
  }

  /** A read, or a write that a token makes harmless to repeat: tried again once after a passing failure. */
  ask<T>(call: Call, go: Go<T>): Promise<T> {
    return this.#try(call, go, (failure) => failure.passing);
  }

  /**
   * A write. Tried again only when AWS turned it away unread; after a doubtful end (timeout, broken connection, 5xx)
   * the caller looks first whether it happened.
   */
  tell<T>(call: Call, go: Go<T>): Promise<T> {
    return this.#try(call, go, (failure) => failure.passing && !failure.doubtful, true);
  }

  async #try<T>(call: Call, go: Go<T>, again: (failure: Failure) => boolean, write = false): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(go);
      } catch (error) {
        if (this.#signal.aborted) throw interrupted();
        if (error instanceof OncallError) throw error;
        const failure = failureOf(error, this.#clockNow());
        if (failure.kind === 'unsent' && (error instanceof TypeError || error instanceof RangeError)) throw error;
        const wait = failure.retryAfter ?? SHORT_PAUSE;
        if (attempt === TRIES || wait > LONGEST_PAUSE || !again(failure)) {
          throw explain({ error, failure, call, write, settings: this.settings });
        }
        await this.#pause(wait);
      }
    }
  }

  /**
   * Ends with the deadline even while signing in, which the SDK does before it looks at the abort signal. The timer is
   * ours: Node 20 collects an `AbortSignal.timeout` that only `AbortSignal.any` knows of as garbage, and then it never
   * fires (https://github.com/nodejs/node/issues/54614).
   */
  async #once<T>(go: Go<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const end = new AbortController();
    const stop = () => end.abort(this.#signal.reason);
    this.#signal.addEventListener('abort', stop, { once: true });
    const late = () => end.abort(new DOMException('no answer in time', 'TimeoutError'));
    const timer = setTimeout(late, this.#deadline);
    const ended = new Promise<never>((_, reject) => {
      end.signal.addEventListener('abort', () => reject(end.signal.reason), { once: true });
    });
    try {
      return await Promise.race([go({ abortSignal: end.signal }), ended]);
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', stop);
    }
  }

  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#signal }).catch(() => {
      throw interrupted();
    });
  }
}
