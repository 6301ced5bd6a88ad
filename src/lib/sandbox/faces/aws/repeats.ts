import { Failure } from '../../world/incident-manager/failure.ts';
import type { IncidentManager } from '../../world/incident-manager/incident-manager.ts';

/** The operations that take a token and whose errors, by the model, hold no ConflictException. */
const WITHOUT_CONFLICT: ReadonlySet<string> = new Set([
  'UpdateDeletionProtection',
  'CreateRotation',
  'CreateRotationOverride',
  'StartEngagement',
]);

/**
 * Runs an operation, unless the input carries a token that the operation has met before: then the answer is the one of
 * that time. A call that failed has left no answer.
 * @throws Failure ConflictException (or, where the model has none, ValidationException) for a token that came with other
 *   input. AWS says that a token goes with "the specified details", and not what it answers to others.
 */
export function onceOnly(engine: IncidentManager, operation: string, input: unknown, act: () => unknown): unknown {
  const { clientToken, IdempotencyToken, ...details } = input as { clientToken?: string; IdempotencyToken?: string };
  const token = clientToken ?? IdempotencyToken;
  if (token === undefined) return act();
  return engine.once.run(`${operation} ${token}`, JSON.stringify(details), {
    act,
    conflict: () => {
      const message = 'The idempotency token was used before, with other parameters';
      if (WITHOUT_CONFLICT.has(operation)) return new Failure('ValidationException', message, { Reason: 'OTHER' });
      const details = IdempotencyToken === undefined ? {} : { ResourceId: token, ResourceType: 'IDEMPOTENCY_TOKEN' };
      return new Failure('ConflictException', message, details);
    },
  });
}
