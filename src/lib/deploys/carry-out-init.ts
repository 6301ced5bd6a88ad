import type { GitHub, OpenPull } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';
import { INIT_BRANCH, INIT_TITLE, type InitPlan, sameOn } from './init-plan.ts';

/**
 * Writes the files as one commit onto a branch of our own and opens a pull request, or brings the open one up to date.
 * After a doubtful answer it looks, and does not write again; at the end it reads back what the branch has.
 * @throws NOT_VERIFIED when the files read differently; what GitHub said
 */
export async function carryOutInit(github: GitHub, plan: InitPlan, body: string): Promise<OpenPull> {
  const { repository, files, base, tip } = plan;
  const change = { parent: tip ?? base.sha, message: INIT_TITLE, files };
  // A branch that an earlier run left without its pull request may have the files already.
  const isThere = tip !== null && (await sameOn(github, repository, { files, ref: tip }));
  if (!isThere) {
    const sha = await github.commitFiles(repository, change);
    const branch = { name: INIT_BRANCH, sha };
    const write = () => (tip ? github.advanceBranch(repository, branch) : github.createBranch(repository, branch));
    await once(write, async () => (await github.branchTip(repository, INIT_BRANCH)) === sha);
  }
  const pull = plan.pull ?? (await openIt(github, plan, body));
  if (await sameOn(github, repository, { files, ref: INIT_BRANCH })) return pull;
  throw new OncallError(`Pull request #${pull.number} is open, but its files read differently: ${pull.url}`, {
    code: 'NOT_VERIFIED',
    hint: `Look at it: \`gh pr diff ${pull.number} -R ${repository}\``,
  });
}

async function openIt(github: GitHub, { repository, base }: InitPlan, body: string): Promise<OpenPull> {
  const request = { title: INIT_TITLE, body, branch: INIT_BRANCH, base: base.branch };
  try {
    return await github.createPull(repository, request);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE') throw error;
    const found = await github.openPull(repository, INIT_BRANCH);
    if (found) return found;
    throw error;
  }
}

/** Writes; after a doubtful answer looks whether it was done. */
async function once(write: () => Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'UNAVAILABLE' || !(await isDone())) throw error;
  }
}
