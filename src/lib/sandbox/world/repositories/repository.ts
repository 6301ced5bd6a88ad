import { IMAGE_REGISTRY, type ServiceSpec } from '../catalog.ts';
import type { WorldClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Account } from './accounts.ts';
import { Branches } from './branches.ts';
import type { Cluster } from './commands.ts';
import { Deployments } from './deployments.ts';
import { Environments } from './environments.ts';
import { GitObjects } from './git-objects.ts';
import { type Commit, DEFAULT_BRANCH, History } from './history.ts';
import type { Ids } from './ids.ts';
import { Pulls } from './pulls.ts';
import { Refusal } from './refusal.ts';
import type { Run } from './run.ts';
import { Runs } from './runs.ts';
import { acceptInputs, readWorkflow, type Workflow } from './workflow.ts';
import { APPROVAL_ENVIRONMENT, CI_WORKFLOW, repositoryFiles } from './workflow-files.ts';

const DAY = 24 * 60 * 60_000;

/** An Actions variable. Its name is kept in upper case, as GitHub does. */
export interface Variable {
  name: string;
  value: string;
  createdAt: number;
  updatedAt: number;
}

export interface RepositoryOptions {
  service: ServiceSpec;
  clock: WorldClock;
  random: Random;
  ids: Ids;
  owner: Account;
  cluster: Cluster;
  mustFail(run: Run, step: string): boolean;
}

export interface Dispatch {
  workflow: Workflow;
  /** A branch or a tag; a sha will not do. */
  ref: string;
  inputs: unknown;
  actor: Account;
}

/** One private repository: everything about it that GitHub's API shows. */
export class Repository {
  readonly id: number;
  readonly name: string;
  readonly owner: Account;
  readonly service: ServiceSpec;
  readonly createdAt: number;
  readonly history: History;
  readonly deployments: Deployments;
  readonly environments: Environments;
  readonly runs: Runs;
  readonly workflows: Workflow[] = [];
  readonly variables = new Map<string, Variable>();
  /** The files that exist in full, by path, until a commit changes them. Sources named by commits are not among them. */
  readonly files: Map<string, string>;
  readonly objects: GitObjects;
  readonly branches: Branches;
  readonly pulls: Pulls;
  readonly #clock: WorldClock;
  readonly #ids: Ids;

  constructor(options: RepositoryOptions) {
    const { service, clock, ids, random } = options;
    this.id = ids.next('repository');
    this.name = service.repository.name;
    this.owner = options.owner;
    this.service = service;
    this.createdAt = clock.now() - 420 * DAY;
    this.#clock = clock;
    this.#ids = ids;
    this.files = repositoryFiles(service, { approval: false });
    this.history = new History({ random: random.fork(service.name), ids });
    this.deployments = new Deployments({ clock, ids, history: this.history });
    this.environments = new Environments({ clock, ids });
    this.environments.ensure('production').createdAt = this.createdAt + DAY;
    this.objects = new GitObjects(this.files);
    const now = () => clock.stamp();
    const { history, objects } = this;
    this.branches = new Branches({ history, objects, now, moved: (branch) => this.#moved(branch) });
    this.pulls = new Pulls({ history, branches: this.branches, objects, ids, now });
    for (const [path, text] of this.files) this.#enrol(path, { text, at: this.createdAt + DAY });
    this.setVariable('REGISTRY', IMAGE_REGISTRY);
    const { deployments, environments, variables } = this;
    const fileAt = (path: string, sha: string) => this.filesAt(sha).get(path);
    this.runs = new Runs({ ...options, history, deployments, environments, variables, fileAt });
  }

  /** The files that exist in full, as they stand at a commit; those of the beginning for one that is not known. */
  filesAt(sha: string): Map<string, string> {
    return this.objects.filesOf(this.history.resolve(sha)?.tree ?? '');
  }

  /** A workflow by its id or by its file's name, as GitHub's API takes either. */
  workflow(idOrFile: string): Workflow | undefined {
    return this.workflows.find(({ id, path }) => String(id) === idOrFile || path.endsWith(`/${idOrFile}`));
  }

  /**
   * Starts a workflow by hand.
   * @throws Refusal in GitHub's words for an unknown ref, wrong inputs, or a workflow that is disabled.
   */
  dispatch(dispatch: Dispatch): Run {
    const { workflow, ref, actor } = dispatch;
    const commit = this.history.isBranchOrTag(ref) ? this.history.resolve(ref) : undefined;
    if (!commit) throw new Refusal('invalid', `No ref found for: ${ref}`);
    if (workflow.state !== 'active') {
      throw new Refusal('invalid', "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
    }
    const inputs = acceptInputs(readWorkflow(this.filesAt(commit.sha).get(workflow.path) ?? ''), dispatch.inputs);
    const headBranch = ref.replace(/^refs\/(heads|tags)\//, '');
    return this.runs.start({ workflow, event: 'workflow_dispatch', actor, headSha: commit.sha, headBranch, inputs });
  }

  /** What follows from commits that a person has put onto the default branch: new workflows, and the checks of the push. */
  pushed(): void {
    const { head } = this.history;
    const at = this.#clock.now();
    for (const [path, text] of this.filesAt(head.sha)) this.#enrol(path, { text, at });
    this.check(head, { event: 'push', branch: DEFAULT_BRANCH });
  }

  /** Runs the checks of a commit, as a push or a pull request does. */
  check(commit: Commit, on: { event: 'push' | 'pull_request'; branch: string }): void {
    const workflow = this.workflows.find(({ path }) => path === CI_WORKFLOW);
    const { author: actor, sha: headSha } = commit;
    if (workflow) this.runs.start({ workflow, event: on.event, actor, headSha, headBranch: on.branch, inputs: {} });
  }

  /** Switches a workflow off, so that nothing can start it, or on again. */
  setWorkflowState(workflow: Workflow, state: Workflow['state']): void {
    workflow.state = state;
    workflow.updatedAt = this.#clock.now();
  }

  setVariable(name: string, value: string): void {
    const key = name.toUpperCase();
    const now = this.#clock.now();
    this.variables.set(key, { name: key, value, createdAt: this.variables.get(key)?.createdAt ?? now, updatedAt: now });
  }

  /** From now on one of these people must agree before a deploy or a revert goes out; with nobody named, no one. */
  requireReviewers(reviewers: readonly Account[]): void {
    const approval = reviewers.length > 0;
    for (const [path, text] of repositoryFiles(this.service, { approval })) this.files.set(path, text);
    if (approval) this.environments.ensure(APPROVAL_ENVIRONMENT).reviewers = reviewers;
  }

  #moved(branch: string): void {
    if (branch === DEFAULT_BRANCH) this.pushed();
    const pull = this.pulls.follow(branch);
    const commit = pull && this.history.resolve(pull.headSha);
    if (commit) this.check(commit, { event: 'pull_request', branch });
  }

  /** GitHub knows a workflow from the moment that the default branch has its file. */
  #enrol(path: string, found: { text: string; at: number }): void {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return;
    const name = readWorkflow(found.text).name || path;
    const known = this.workflows.find((one) => one.path === path);
    if (known) known.name = name;
    else {
      const [id, at] = [this.#ids.next('workflow'), found.at];
      this.workflows.push({ id, name, path, state: 'active', createdAt: at, updatedAt: at });
    }
  }
}
