import type { GitHub } from '../clients/github/github.ts';
import type { Service } from '../config/config.ts';
import { HOLD_VARIABLE, readHoldGate } from '../deploys/hold.ts';
import { OncallError } from '../errors.ts';
import { relative } from '../text/time.ts';
import {
  dependent,
  examine,
  type Finding,
  type Flaw,
  failed,
  flawOf,
  ok,
  type Seen,
  signInCheck,
  skipped,
  summed,
  warning,
} from './check.ts';

export interface GitHubQuestions {
  github: () => Promise<GitHub>;
  services: readonly Service[];
  /** Milliseconds since 1970. */
  now: () => number;
  quick: boolean;
}

const SOON = 7 * 86_400_000;
const TITLES = { signIn: 'GitHub', files: 'Workflows', hold: 'Deploy hold' };

type Deployed = Service & { repository: string };

/** Whether the token works and for how long, and whether each service can be deployed, reverted and held. */
export async function githubChecks(questions: GitHubQuestions): Promise<Finding[]> {
  const { services, quick } = questions;
  const signIn = await signInCheck(TITLES.signIn, 'github', () => signedIn(questions));
  if (quick) return [signIn];
  if (signIn.outcome === 'failed') return [signIn, dependent(TITLES.files, signIn), dependent(TITLES.hold, signIn)];
  const client = rememberFiles(await questions.github());
  const deployed = services.filter((service): service is Deployed => service.repository !== null);
  const without = services.filter(({ repository }) => repository === null).map(({ name }) => name);
  return [
    signIn,
    ...(await Promise.all([
      examine(TITLES.files, () => workflowFiles(client, deployed, without)),
      examine(TITLES.hold, () => holds(client, deployed)),
    ])),
  ];
}

async function signedIn({ github, now }: GitHubQuestions): Promise<Seen> {
  const { login, expiresAt } = await (await github()).whoAmI();
  if (!expiresAt) return ok(`signed in as ${login}`);
  const left = Date.parse(expiresAt) - now();
  const found = `signed in as ${login}; the token expires ${relative(Date.parse(expiresAt), now())} (${expiresAt.slice(0, 10)})`;
  if (left <= 0) return failed(found, null, 'AUTH');
  return left < SOON ? warning(found, 'oncall login --only github --force') : ok(found);
}

async function workflowFiles(github: GitHub, deployed: readonly Deployed[], without: readonly string[]): Promise<Seen> {
  if (deployed.length === 0) {
    return skipped('no service names its `repository`, so deploys and reverts are not known', 'oncall config show');
  }
  const flaws = await Promise.all(
    deployed.map((service) => flawOf(service.name, () => missingWorkflow(github, service))),
  );
  const bare: Flaw[] = without.map((subject) => ({
    subject,
    words: 'no `repository` in oncall.yaml, so its deploys and reverts are not known',
    remedy: 'Add `repository: owner/name` to it in oncall.yaml.',
    code: null,
  }));
  return summed(
    [...flaws.flatMap((flaw) => flaw ?? []), ...bare],
    `deploy and revert found for ${deployed.length === 1 ? 'the one service' : `all ${deployed.length} services`}`,
  );
}

async function missingWorkflow(github: GitHub, { name, repository, workflows }: Deployed): Promise<Flaw | null> {
  const wanted = [...new Set([workflows.deploy, workflows.revert])];
  const texts = await Promise.all(wanted.map((file) => github.file(repository, workflowPath(file))));
  const missing = wanted.filter((_, i) => texts[i] === null);
  if (missing.length === 0) return null;
  // GitHub answers "not found" for a repository that the token may not see, too.
  await github.defaultBranch(repository);
  return {
    subject: name,
    words: `${repository} has no ${missing.map(workflowPath).join(' and no ')}`,
    remedy: `Name them right under \`workflows\` of ${name} in oncall.yaml. The repository has: ${await others(github, repository)}.`,
    code: 'NOT_FOUND',
  };
}

async function others(github: GitHub, repository: string): Promise<string> {
  const files = (await github.workflows(repository)).map(({ file }) => file);
  return files.length > 0 ? files.join(', ') : 'none';
}

/** A hold for which no workflow stops is a notice that people may overlook. */
async function holds(github: GitHub, deployed: readonly Deployed[]): Promise<Seen> {
  if (deployed.length === 0) return skipped('no service names its `repository`');
  const gates = await Promise.all(
    deployed.map(async ({ name, repository, workflows }) => {
      const gate = await readHoldGate(github, repository, workflows.deploy).catch(orUnread);
      return { name, stops: gate?.stops ?? null, why: gate?.why ?? 'the deploy workflow could not be read' };
    }),
  );
  const told = (stops: boolean | null) =>
    gates.filter((gate) => gate.stops === stops).map(({ name, why }) => `${name} (${why})`);
  const [first] = gates.filter(({ stops }) => stops !== true);
  const remedy = `oncall deploys init ${first?.name}`;
  if (told(false).length > 0) return warning(`a hold stops nothing: ${told(false).join(', ')}`, remedy);
  if (told(null).length > 0) return skipped(`not known whether a hold stops: ${told(null).join(', ')}`, remedy);
  return ok(`every deploy workflow stops while ${HOLD_VARIABLE} is set`);
}

function orUnread(error: unknown): null {
  if (error instanceof OncallError && error.code !== 'INTERRUPTED') return null;
  throw error;
}

function workflowPath(file: string): string {
  return `.github/workflows/${file}`;
}

/** Two checks read the same files; they are asked for once. */
function rememberFiles(github: GitHub): GitHub {
  const known = new Map<string, Promise<string | null>>();
  return {
    ...github,
    file(repository, path) {
      const key = `${repository} ${path}`;
      const asked = known.get(key) ?? github.file(repository, path);
      known.set(key, asked);
      return asked;
    },
  };
}
