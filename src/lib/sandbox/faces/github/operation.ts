import type { Call, RepositoryCall } from './call.ts';
import type { Need } from './tokens.ts';

/** One operation of the REST API that is not about a repository. */
export interface AccountOperation {
  method: string;
  path: string;
  /** The rest of the address of its page under https://docs.github.com/rest/ */
  docs: string;
  run(call: Call): void;
}

/** One operation on a repository. Its path is what follows `/repos/:owner/:repo`. */
export interface RepositoryOperation {
  method: string;
  path: string;
  docs: string;
  needs: Need;
  run(about: RepositoryCall): void;
}

/** The name that GitHub's reference gives an operation: its method and its path, with the parameters in braces. */
export function operationName(method: string, path: string): string {
  return `${method} ${path.replace(/[:*](\w+)/g, '{$1}')}`;
}
