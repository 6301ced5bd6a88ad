import type { GitHub } from '../clients/github/github.ts';
import { OncallError } from '../errors.ts';

export interface FoundRepository {
  service: string;
  repository: string;
  deploy: string | null;
  revert: string | null;
}

/** More than these are not asked for: each costs a request. */
const MOST = 30;
const USUAL = { deploy: 'deploy.yml', revert: 'revert.yml' };
const LOOKS_LIKE = { deploy: /deploy|release|ship/i, revert: /revert|rollback|roll-back/i };
/** Deploys of something else than production. */
const ELSEWHERE = /preview|staging|docs|pages|dev\b|test/i;

/**
 * The repositories that are called like a service and belong to the owner of the one that we stand in, with the workflows
 * that look like deploy and revert.
 */
export async function lookForRepositories(
  github: GitHub,
  facts: { services: readonly string[]; own: string },
): Promise<FoundRepository[]> {
  const { services, own } = facts;
  const [owner = ''] = own.split('/');
  const names = services.length === 1 ? [{ service: services[0] ?? '', repository: own }] : [];
  const wanted = services.map((service) => ({ service, repository: `${owner}/${service}` }));
  const found = await Promise.all([...names, ...wanted].slice(0, MOST).map((one) => withWorkflows(github, one)));
  return found.flatMap((one) => one ?? []);
}

async function withWorkflows(
  github: GitHub,
  { service, repository }: { service: string; repository: string },
): Promise<FoundRepository | null> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return null;
  try {
    const files = (await github.workflows(repository)).map(({ file }) => file);
    return { service, repository, deploy: chosen(files, 'deploy'), revert: chosen(files, 'revert') };
  } catch (error) {
    if (error instanceof OncallError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** The file to name in the configuration; null where the usual one is there, or nothing looks like it. */
function chosen(files: readonly string[], kind: 'deploy' | 'revert'): string | null {
  if (files.includes(USUAL[kind])) return null;
  const fitting = files.filter((file) => LOOKS_LIKE[kind].test(file) && !ELSEWHERE.test(file));
  const own = kind === 'deploy' ? fitting.filter((file) => !LOOKS_LIKE.revert.test(file)) : fitting;
  return own.sort((a, b) => a.length - b.length)[0] ?? null;
}
