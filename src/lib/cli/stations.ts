import type { End, SignInWay } from '../clients/sign-in.ts';
import { OncallError } from '../errors.ts';
import * as connections from './connections.ts';
import type { Context } from './context.ts';
import { githubHost, githubSignInWay } from './github-token.ts';

export type StationName = 'aws' | 'kubernetes' | 'github';
export const STATIONS: readonly StationName[] = ['aws', 'kubernetes', 'github'];

/** An outside service that one signs in to. */
export interface Station {
  name: StationName;
  /** As people call it; a context of the cluster with its name. */
  title: string;
  /** Who one is there, and what of it runs out. @throws AUTH when not signed in; UNAVAILABLE, CONFIG */
  look(): Promise<{ who: string; ends: End[] }>;
  way(): Promise<SignInWay>;
}

/**
 * The services that this configuration signs in to: AWS, the cluster of each context that a service names, GitHub. Each
 * look asks anew, so that a sign-in by another program in between is seen.
 */
export async function stations(context: Context, only: readonly StationName[] = STATIONS): Promise<Station[]> {
  const { services } = await context.config();
  const contexts = new Set(services.map(({ target }) => target.context));
  const fresh = unshared(context);
  return [aws(fresh), ...clusters(fresh, contexts), github(fresh)].filter(({ name }) => only.includes(name));
}

type Fresh = ReturnType<typeof unshared>;

/** Clients that remember no earlier answer, since another program may sign in meanwhile. */
function unshared(context: Context) {
  const { wiring } = context;
  return {
    pager: () => connections.pager(wiring),
    kubernetes: () => connections.kubernetes(wiring),
    github: () => connections.github(wiring),
    githubHost: async () => githubHost((await context.config()).connection.github.apiUrl),
    env: context.invocation.shell.env,
  };
}

function aws({ pager }: Fresh): Station {
  return {
    name: 'aws',
    title: 'AWS',
    async look() {
      const client = await pager();
      const [{ principal, account }, ends] = await Promise.all([client.identity(), client.ends()]);
      return { who: `${principal} in account ${account}`, ends };
    },
    way: async () => (await pager()).signInWay(),
  };
}

/** The common context is always there; a service's own comes with its name, where it is another one. */
function clusters({ kubernetes }: Fresh, contexts: ReadonlySet<string | null>): Station[] {
  const own = [...contexts].filter((name): name is string => name !== null);
  const wanted = own.length > 0 && !contexts.has(null) ? own : [null, ...own];
  return wanted.map((name) => ({
    name: 'kubernetes',
    title: name === null ? 'Kubernetes' : `Kubernetes (${name})`,
    async look() {
      const client = await kubernetes();
      const { context, user } = await client.whoAmI(name);
      return { who: user ? `${user} in ${context}` : `context ${context}`, ends: await client.ends(name) };
    },
    way: async () => (await kubernetes()).signInWay(name),
  }));
}

function github({ github: connect, githubHost, env }: Fresh): Station {
  let scant = false;
  return {
    name: 'github',
    title: 'GitHub',
    async look() {
      const { login, expiresAt, scopes } = await (await connect()).whoAmI();
      scant = scopes !== null && !scopes.includes('repo');
      if (scant) {
        throw new OncallError(`The token of ${login} lacks the scope \`repo\`, so it sees no private repository.`, {
          code: 'AUTH',
        });
      }
      return { who: login, ends: expiresAt ? [{ what: 'token', at: expiresAt, renewed: false }] : [] };
    },
    way: async () => githubSignInWay(env, { host: await githubHost(), scant }),
  };
}
