import type { Person, RevisionSpec, ServiceSpec } from '../catalog.ts';
import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';
import { Accounts } from './accounts.ts';
import type { Cluster } from './commands.ts';
import { DEFAULT_BRANCH } from './history.ts';
import { Ids } from './ids.ts';
import { recordCi, recordDeploy } from './past-runs.ts';
import { Repository } from './repository.ts';
import type { Run } from './run.ts';

const DAY = 24 * 60 * 60_000;
const CI_IS_OVER_MS = 5 * 60_000;

export interface RepositoriesOptions extends Cluster {
  clock: WorldClock;
  random: Random;
  services: readonly ServiceSpec[];
  people: readonly Person[];
  /** Their times count back from the moment of construction. */
  revisions: readonly RevisionSpec[];
}

/** Names one step of one workflow: `{ workflow: 'revert.yml', step: 'Wait for the rollout' }`. */
export interface StepToFail {
  /** Any service's when absent. */
  service?: string;
  workflow: string;
  step: string;
}

/**
 * The company's GitHub: one private repository per service, with commits, pull requests, workflows, runs and
 * deployments. It changes the cluster only where a workflow's own `kubectl` would, through `deploy`.
 */
export class Repositories {
  readonly accounts: Accounts;
  readonly clock: WorldClock;
  readonly #byService = new Map<string, Repository>();
  #toFail: StepToFail[] = [];

  constructor(options: RepositoriesOptions) {
    const { clock, random, services, people, revisions } = options;
    const ids = new Ids(random.fork('github ids'));
    const shared = { clock, ids, random: random.fork('github'), cluster: options };
    this.clock = clock;
    this.accounts = new Accounts(people, ids);
    const owner = this.accounts.owner;
    for (const service of services) {
      const mustFail = (run: Run, step: string): boolean => this.#mustFail(service.name, { run, step });
      const repository = new Repository({ ...shared, service, owner, mustFail });
      this.#byService.set(service.name, repository);
      const founder = people.at(-1)?.alias ?? owner.login;
      this.#begin(repository, founder);
    }
    for (const spec of [...revisions].sort((a, b) => b.committedAgo - a.committedAgo)) this.push(spec);
  }

  get all(): Repository[] {
    return [...this.#byService.values()];
  }

  /** The repository of a service. Throws when there is no such service. */
  of(service: string): Repository {
    const repository = this.#byService.get(service);
    if (!repository) throw new Error(`no repository for a service named ${service}`);
    return repository;
  }

  /** A repository by owner and name, whatever their case; undefined when there is none. */
  find(owner: string, name: string): Repository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    return this.all.find((repository) => `${repository.owner.login}/${repository.name}`.toLowerCase() === wanted);
  }

  /**
   * What an image tag or a sha of a service's default branch stands for; undefined when nothing does.
   * @param shaOrPrefix at least four hexadecimal digits.
   */
  revisionOf(service: string, shaOrPrefix: string): { sha: string; spec: RevisionSpec } | undefined {
    const repository = this.#byService.get(service);
    const commit = /^[0-9a-f]{4,40}$/.test(shaOrPrefix) ? repository?.history.resolve(shaOrPrefix) : undefined;
    return commit?.spec ? { sha: commit.sha, spec: commit.spec } : undefined;
  }

  /**
   * Merges a pull request now, or as of a time in the past. Where the revision says that it was deployed, the run and
   * the deployment are written into the past too, as history: the cluster is not told. Push in the order of merging.
   */
  push(spec: RevisionSpec): { sha: string; spec: RevisionSpec } {
    const repository = this.of(spec.service);
    const now = this.clock.now();
    const before = repository.history.main.at(-1);
    const commit = repository.history.add(spec, now - spec.committedAgo, this.accounts.named(spec.author));
    if (before) repository.objects.inherit(commit.tree, before.tree);
    if (spec.committedAgo > CI_IS_OVER_MS) recordCi(repository, commit);
    else repository.check(commit, { event: 'push', branch: DEFAULT_BRANCH });
    if (spec.deployedAgo !== null) recordDeploy(repository, commit, { ...spec, deployedAt: now - spec.deployedAgo });
    return { sha: commit.sha, spec };
  }

  /**
   * Starts a workflow as someone would from the web page.
   * @param request `actor` is an alias or a login; `workflow` a file name such as `deploy.yml`.
   */
  dispatch(
    service: string,
    request: { workflow: string; inputs: Readonly<Record<string, string>>; actor: string },
  ): Run {
    const repository = this.of(service);
    const workflow = repository.workflow(request.workflow);
    if (!workflow) throw new Error(`${service} has no workflow ${request.workflow}`);
    const actor = this.accounts.named(request.actor);
    return repository.dispatch({ workflow, ref: 'main', inputs: request.inputs, actor });
  }

  /** The next time that this step runs, it fails without having had its effect. */
  failNext(step: StepToFail): void {
    this.#toFail.push(step);
  }

  /** From now on, one of these people (aliases) must approve each deploy and revert of the service. */
  requireReviewers(service: string, reviewers: readonly string[]): void {
    this.of(service).requireReviewers(reviewers.map((alias) => this.accounts.named(alias)));
  }

  // A repository has a first commit that no pull request brought in, older than anything that was ever deployed.
  #begin(repository: Repository, founder: string): void {
    const { service, history } = repository;
    const spec: RevisionSpec = {
      service: service.name,
      author: founder,
      title: `Begin ${service.name}`,
      pull: 0,
      files: [...repository.files.keys()],
      committedAgo: this.clock.now() - repository.createdAt - DAY,
      deployedAgo: null,
      behaviour: 'steady',
    };
    history.add(spec, repository.createdAt + DAY, this.accounts.named(founder));
  }

  #mustFail(service: string, at: { run: Run; step: string }): boolean {
    const wanted = this.#toFail.find(
      (one) =>
        (one.service ?? service) === service &&
        at.run.workflow.path.endsWith(`/${one.workflow}`) &&
        one.step === at.step,
    );
    if (!wanted) return false;
    this.#toFail = this.#toFail.filter((one) => one !== wanted);
    return true;
  }
}
