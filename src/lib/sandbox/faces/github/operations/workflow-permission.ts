import type { RepositoryCall } from '../call.ts';
import { isAllowed } from '../tokens.ts';

/**
 * Workflow files need a permission of their own, beside that for contents. Where the caller does not have it, the call is
 * answered here, and false is given back.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
 */
export function mayTouch({ call, caller }: RepositoryCall, paths: readonly string[]): boolean {
  const isWorkflow = paths.some((path) => path.startsWith('.github/workflows/'));
  if (!isWorkflow || isAllowed(caller.token, { permission: 'workflows', level: 'write' })) return true;
  call.refuse(403, 'Resource not accessible by personal access token');
  return false;
}
