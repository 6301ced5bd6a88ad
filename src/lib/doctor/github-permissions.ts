import type { GitHub } from '../clients/github/github.ts';
import type { Service } from '../config/config.ts';
import { HOLD_VARIABLE } from '../deploys/hold.ts';
import { OncallError } from '../errors.ts';
import { examine, type Finding, type Flaw, failed, flawOf, type Seen, skipped, summed } from './check.ts';

type Deployed = Service & { repository: string };

const TITLE = 'GitHub permissions';
/** What a classic token needs; fine-grained ones are asked by trying. */
const SCOPE = 'repo';

/** Whether the token may see what reverts and holds need. What it may write is known only by writing, which this never does. */
export function githubPermissions(github: () => Promise<GitHub>, services: readonly Service[]): Promise<Finding> {
  return examine(TITLE, async () => {
    const client = await github();
    let scopes: string[] | null;
    try {
      scopes = (await client.whoAmI()).scopes;
    } catch (error) {
      if (error instanceof OncallError && error.code !== 'INTERRUPTED')
        return skipped('not looked at: "GitHub" comes first');
      throw error;
    }
    if (scopes && !scopes.includes(SCOPE)) {
      const has = scopes.length > 0 ? scopes.join(', ') : 'none';
      return failed(`the token lacks the scope ${SCOPE} (it has: ${has})`, 'oncall login --only github', 'AUTH');
    }
    return mayRead(client, services);
  });
}

/** A token is given out by one owner, so one repository of each tells. */
async function mayRead(github: GitHub, services: readonly Service[]): Promise<Seen> {
  const deployed = services.filter((service): service is Deployed => service.repository !== null);
  const owners = new Map(deployed.map((service) => [service.repository.split('/')[0], service]));
  if (owners.size === 0) return skipped('no service names its `repository`');
  const flaws = await Promise.all([...owners.values()].flatMap((service) => probes(github, service)));
  return summed(
    flaws.flatMap((flaw) => flaw ?? []),
    `deployments, runs and variables can be read in ${[...owners.values()].map(({ repository }) => repository).join(', ')}`,
  );
}

function probes(github: GitHub, { repository, githubEnvironment, workflows }: Deployed): Promise<Flaw | null>[] {
  const questions: [permission: string, ask: () => Promise<unknown>][] = [
    ['Variables', () => github.variable(repository, HOLD_VARIABLE)],
    ['Actions', () => github.runs(repository, { workflow: workflows.deploy, limit: 1 })],
    ['Deployments', () => github.deployments(repository, { environment: githubEnvironment, limit: 1 })],
  ];
  return questions.map(([permission, ask]) =>
    flawOf(repository, async () => {
      try {
        await ask();
        return null;
      } catch (error) {
        // What is not there is another check's business.
        if (error instanceof OncallError && error.code === 'NOT_FOUND') return null;
        if (!(error instanceof OncallError) || error.code !== 'AUTH') throw error;
        return {
          subject: repository,
          words: `the token lacks the permission "${permission}"`,
          remedy: `Give it to the token at https://github.com/settings/personal-access-tokens: ${permission}, read and write.`,
          code: 'AUTH',
        };
      }
    }),
  );
}
