import { Failure } from '../../world/incident-manager/failure.ts';

/**
 * Refuses what cannot be a resource policy. AWS says only that it is one in JSON.
 * https://docs.aws.amazon.com/incident-manager/latest/userguide/incident-manager-cross-account-cross-region.html
 */
export function checkPolicy(document: string): void {
  try {
    const policy = JSON.parse(document) as { Statement?: unknown } | null;
    if (typeof policy === 'object' && policy !== null && policy.Statement !== undefined) return;
  } catch {
    // Refused below, like JSON that is no policy.
  }
  throw new Failure('ValidationException', 'The policy must be a JSON document with a Statement', { Reason: 'OTHER' });
}
