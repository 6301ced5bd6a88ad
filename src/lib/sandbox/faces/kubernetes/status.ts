/** Why a request failed, in the words of the API: `StatusReason` of meta/v1. */
export type Reason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Expired'
  | 'Invalid'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Timeout';

const CODES: Readonly<Record<Reason, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  InternalError: 500,
  Timeout: 504,
};

export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The meta/v1 `Status` object that every error of the API is. */
export interface StatusObject {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: Reason;
  details?: StatusDetails;
  code?: number;
}

/** A request that the API refuses; the face answers it with its `Status`. */
export class ApiFailure extends Error {
  readonly reason: Reason;
  readonly details: StatusDetails | undefined;
  /** With which a list that expired can be gone on with all the same. */
  continue: string | undefined;

  constructor(reason: Reason, message: string, details?: StatusDetails) {
    super(message);
    this.reason = reason;
    this.details = details;
  }

  get code(): number {
    return CODES[this.reason];
  }

  get status(): StatusObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continue ? { continue: this.continue } : {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** A resource as errors name it: `pods`, `deployments.apps`. */
export interface Named {
  group: string;
  name: string;
}

export function qualified({ group, name }: Named): string {
  return group ? `${name}.${group}` : name;
}

export function notFound(resource: Named, name: string): ApiFailure {
  const details = { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.name };
  return new ApiFailure('NotFound', `${qualified(resource)} "${name}" not found`, details);
}

/** The answer for a path that leads nowhere. */
export function noSuchPath(): ApiFailure {
  return new ApiFailure('NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiFailure {
  return new ApiFailure('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

/** A field that is wrong; `field` is its path, e.g. `spec.replicas`. */
export function invalid(kind: { group: string; kind: string }, name: string, causes: StatusCause[]): ApiFailure {
  const qualifiedKind = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  const parts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = parts.length === 1 ? parts[0] : `[${parts.join(', ')}]`;
  return new ApiFailure('Invalid', `${qualifiedKind} "${name}" is invalid: ${list}`, {
    name,
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.kind,
    causes,
  });
}
