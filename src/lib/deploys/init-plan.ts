import type { GitHub, OpenPull } from '../clients/github/github.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { ApiCall } from './api-call.ts';
import { deployWorkflow, revertWorkflow, type WorkflowFacts } from './workflow-templates.ts';

/** The branch from which the pull request is made; a second run finds it. */
export const INIT_BRANCH = 'oncall/deploy-workflows';
export const INIT_TITLE = 'Deploy and revert workflows for oncall';

export interface PlannedFile {
  path: string;
  text: string;
  /** What is there now; null when there is no such file. */
  before: string | null;
  change: 'new' | 'same' | 'different';
}

/** What `oncall deploys init` would do. */
export interface InitPlan {
  service: string;
  repository: string;
  files: PlannedFile[];
  base: { branch: string; sha: string };
  /** Tip of our own branch, where an earlier run has made one. */
  tip: string | null;
  /** Our own pull request that is still open. */
  pull: OpenPull | null;
  /** Why there is nothing to do. */
  nothing: string | null;
}

/** The two files of a service, by path. */
export function workflowFiles({ workflows }: Service, facts: WorkflowFacts): { path: string; text: string }[] {
  if (workflows.deploy === workflows.revert) {
    throw new OncallError('oncall.yaml names one workflow for deploys and reverts, and a hold would stop both.', {
      code: 'CONFIG',
      hint: 'Give `workflows.deploy` and `workflows.revert` names of their own.',
    });
  }
  return [
    { path: `.github/workflows/${workflows.deploy}`, text: deployWorkflow(facts) },
    { path: `.github/workflows/${workflows.revert}`, text: revertWorkflow(facts) },
  ];
}

/** The files as they stand against what is there. */
export function compareFiles(
  files: readonly { path: string; text: string }[],
  present: readonly (string | null)[],
): PlannedFile[] {
  return files.map(({ path, text }, i) => {
    const before = present[i] ?? null;
    return { path, text, before, change: before === null ? 'new' : before === text ? 'same' : 'different' };
  });
}

/** Looks at the repository, at our own branch and at our own pull request, and changes nothing. */
export async function planInit(
  github: GitHub,
  about: { service: string; repository: string; files: readonly { path: string; text: string }[] },
): Promise<InitPlan> {
  const { service, repository, files } = about;
  const branch = await github.defaultBranch(repository);
  const [present, sha, tip, pull] = await Promise.all([
    Promise.all(files.map(({ path }) => github.file(repository, path))),
    github.branchTip(repository, branch),
    github.branchTip(repository, INIT_BRANCH),
    github.openPull(repository, INIT_BRANCH),
  ]);
  if (sha === null) {
    throw new OncallError(`${repository} has no commit yet.`, {
      code: 'NOT_FOUND',
      hint: 'Push a first commit, or write the files with --out.',
    });
  }
  const planned = compareFiles(files, present);
  const proposed = tip && pull ? await sameOn(github, repository, { files, ref: tip }) : false;
  const nothing = planned.every(({ change }) => change === 'same')
    ? `${repository} has both workflows already.`
    : proposed
      ? `Pull request #${pull?.number} proposes them already: ${pull?.url}`
      : null;
  return { service, repository, files: planned, base: { branch, sha }, tip, pull, nothing };
}

/** Whether all files are there as they should be, on a branch or at a commit. */
export async function sameOn(
  github: GitHub,
  repository: string,
  at: { files: readonly { path: string; text: string }[]; ref: string },
): Promise<boolean> {
  const texts = await Promise.all(at.files.map(({ path }) => github.fileAt(repository, path, at.ref)));
  return texts.every((text, i) => text === at.files[i]?.text);
}

/** What the pull request says. */
export function pullBody(
  { service, files }: Pick<InitPlan, 'service' | 'files'>,
  login: WorkflowFacts['login'],
): string {
  const todo = {
    custom: 'Before merging, write the step "Sign in to the cluster" in both files: until then they fail on purpose.',
    eks: 'Before the first deploy, set the Actions variables AWS_DEPLOY_ROLE, AWS_REGION and EKS_CLUSTER.',
    gke: 'Before the first deploy, set the Actions variables GCP_WORKLOAD_IDENTITY_PROVIDER, GCP_DEPLOY_ACCOUNT, GKE_CLUSTER and GKE_LOCATION.',
  }[login];
  const lines = files.map(
    ({ path, change }) => `- \`${path}\`${change === 'different' ? ' (replaces the present one)' : ''}`,
  );
  return `${lines.join('\n')}\n\nWith them, \`oncall deploy ${service}\` and \`oncall revert ${service}\` start exactly one run each and find it again, and \`oncall hold ${service}\` stops deploys.\n\n${todo}\n`;
}

/** The very calls that carrying out the plan makes, for `--dry-run`; what only the answers tell stands in angle brackets. */
export function initCalls(plan: InitPlan, body: string): ApiCall[] {
  const { repository, files, base, tip, pull } = plan;
  const at = `/repos/${repository}`;
  const tree = files.map(({ path, text }) => ({ path, mode: '100644', type: 'blob', content: text }));
  const parent = tip ?? base.sha;
  const commit = { message: INIT_TITLE, tree: '<tree>', parents: [parent] };
  const branch: ApiCall = tip
    ? { method: 'PATCH', path: `${at}/git/refs/heads/${INIT_BRANCH}`, body: { sha: '<commit>' } }
    : { method: 'POST', path: `${at}/git/refs`, body: { ref: `refs/heads/${INIT_BRANCH}`, sha: '<commit>' } };
  const open: ApiCall = {
    method: 'POST',
    path: `${at}/pulls`,
    body: { title: INIT_TITLE, body, head: INIT_BRANCH, base: base.branch },
  };
  return [
    { method: 'POST', path: `${at}/git/trees`, body: { base_tree: `<tree of ${parent}>`, tree } },
    { method: 'POST', path: `${at}/git/commits`, body: commit },
    branch,
    ...(pull ? [] : [open]),
  ];
}
