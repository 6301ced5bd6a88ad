/** The names under which Incident Manager and Contacts refuse something. */
export type FailureName =
  | 'ValidationException'
  | 'ResourceNotFoundException'
  | 'ConflictException'
  | 'ServiceQuotaExceededException'
  | 'UnsupportedOperationException'
  | 'SerializationException'
  | 'UnknownOperationException';

/** A refusal in the service's own words. `details` are the further members of that error's shape. */
export class Failure extends Error {
  override readonly name: FailureName;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: FailureName, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.details = details;
  }
}

/** What Contacts says of a value that is well formed but wrong. */
export function invalid(what: string): Failure {
  return new Failure('ValidationException', `Invalid value provided - ${what}`, { Reason: 'OTHER' });
}

/** Contacts: no such contact, channel, engagement, page or rotation. */
export function noContactResource(id: string, type: string): Failure {
  const details = { ResourceId: id, ResourceType: type };
  return new Failure('ResourceNotFoundException', `Resource not found: ${id}`, details);
}

/** Incidents: no such response plan, record, timeline event or replication set. */
export function noIncidentResource(identifier: string, type: string): Failure {
  const details = { resourceIdentifier: identifier, resourceType: type };
  return new Failure('ResourceNotFoundException', `Could not find ${type} with identifier ${identifier}`, details);
}
