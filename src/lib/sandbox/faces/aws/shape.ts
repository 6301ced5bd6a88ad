import { Failure } from '../../world/incident-manager/failure.ts';

/** One constraint that one member of the input breaks, in AWS's words. */
export interface Violation {
  /** Path of the member, e.g. `plan.stages.1.member.durationInMinutes`. */
  at: string;
  message: string;
}

/**
 * What a value of an API's model has to look like. Reading a value leaves out what the model does not know and what is
 * null, as AWS does; broken constraints are gathered, and a value of the wrong JSON type cannot be read at all.
 */
export interface Shape<T> {
  read(value: unknown, at: string, broken: Violation[]): T;
}

/** The type of what a shape reads. */
export type Of<S> = S extends Shape<infer T> ? T : never;

function mismatch(wanted: string, at: string): Failure {
  return new Failure('SerializationException', `Unable to read a ${wanted} at '${at}'`);
}

function breaks(value: unknown, at: string, constraint: string): Violation {
  const shown = value === null || typeof value !== 'object' ? String(value) : JSON.stringify(value);
  return { at, message: `Value '${shown}' at '${at}' failed to satisfy constraint: Member must ${constraint}` };
}

interface Bounds {
  min?: number;
  max?: number;
}

function checkLength(length: number, at: string, bounds: Bounds & { value: unknown; broken: Violation[] }): void {
  const { min = 0, max = Number.POSITIVE_INFINITY, value, broken } = bounds;
  if (length < min) broken.push(breaks(value, at, `have length greater than or equal to ${min}`));
  if (length > max) broken.push(breaks(value, at, `have length less than or equal to ${max}`));
}

export function text(rules: Bounds & { pattern?: RegExp } = {}): Shape<string> {
  return {
    read(value, at, broken) {
      if (typeof value !== 'string') throw mismatch('string', at);
      // A letter outside the basic plane is one character to AWS, and two to `length`.
      checkLength([...value].length, at, { ...rules, value, broken });
      if (rules.pattern && !rules.pattern.test(value)) {
        broken.push(breaks(value, at, `satisfy regular expression pattern: ${rules.pattern.source}`));
      }
      return value;
    },
  };
}

export function choice<const T extends string>(...options: T[]): Shape<T> {
  return {
    read(value, at, broken) {
      if (typeof value !== 'string') throw mismatch('string', at);
      if (!options.includes(value as T)) {
        broken.push(breaks(value, at, `satisfy enum value set: [${options.join(', ')}]`));
      }
      return value as T;
    },
  };
}

/** The model's integers have 32 bits. */
const LARGEST = 2 ** 31 - 1;

export function whole(bounds: Bounds = {}): Shape<number> {
  return {
    read(value, at, broken) {
      if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > LARGEST) {
        throw mismatch('integer', at);
      }
      const { min, max } = bounds;
      if (min !== undefined && value < min) {
        broken.push(breaks(value, at, `have value greater than or equal to ${min}`));
      }
      if (max !== undefined && value > max) broken.push(breaks(value, at, `have value less than or equal to ${max}`));
      return value;
    },
  };
}

export const flag: Shape<boolean> = {
  read(value, at) {
    if (typeof value !== 'boolean') throw mismatch('boolean', at);
    return value;
  },
};

/** Sent as seconds since 1970, perhaps with a fraction; read as milliseconds. */
export const instant: Shape<number> = {
  read(value, at) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw mismatch('timestamp', at);
    return Math.round(value * 1000);
  },
};

/** Any object, read as it is: a part of the model that the sandbox only keeps and gives back. */
export const anyStructure: Shape<Record<string, unknown>> = {
  read(value, at) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch('structure', at);
    return value as Record<string, unknown>;
  },
};

export function list<T>(member: Shape<T>, bounds: Bounds = {}): Shape<T[]> {
  return {
    read(value, at, broken) {
      if (!Array.isArray(value)) throw mismatch('list', at);
      checkLength(value.length, at, { ...bounds, value, broken });
      return value.map((one, i) => member.read(one, `${at}.${i + 1}.member`, broken));
    },
  };
}

export function map<K extends string, V>(key: Shape<K>, member: Shape<V>, bounds: Bounds = {}): Shape<Record<K, V>> {
  return {
    read(value, at, broken) {
      const entries = Object.entries(anyStructure.read(value, at, broken));
      checkLength(entries.length, at, { ...bounds, value, broken });
      const read = entries.map(([name, one]) => [
        key.read(name, `${at}.key`, broken),
        member.read(one, `${at}.${name}.member`, broken),
      ]);
      return Object.fromEntries(read) as Record<K, V>;
    },
  };
}

type Shapes = Record<string, Shape<unknown>>;
type Read<R extends Shapes, O extends Shapes> = { [K in keyof R]: Of<R[K]> } & { [K in keyof O]?: Of<O[K]> };

export function structure<R extends Shapes, O extends Shapes>(required: R, optional: O): Shape<Read<R, O>> {
  return {
    read(value, at, broken) {
      const given = anyStructure.read(value, at, broken);
      const result: Record<string, unknown> = {};
      const path = (name: string) => (at === '' ? name : `${at}.${name}`);
      for (const [name, shape] of Object.entries({ ...required, ...optional })) {
        const member = given[name] ?? null;
        if (member !== null) result[name] = shape.read(member, path(name), broken);
        else if (name in required) {
          const message = `Value null at '${path(name)}' failed to satisfy constraint: Member must not be null`;
          broken.push({ at: path(name), message });
        }
      }
      return result as Read<R, O>;
    },
  };
}

/** A structure of which exactly one member may be given: which kind of thing it is depends on that. */
export function union<M extends Shapes>(members: M): Shape<Read<Record<never, never>, M>> {
  const shape = structure({}, members);
  return {
    read(value, at, broken) {
      const read = shape.read(value, at, broken);
      if (Object.keys(read).length !== 1) {
        broken.push(breaks(value, at, `have exactly one of the members [${Object.keys(members).join(', ')}]`));
      }
      return read;
    },
  };
}

/**
 * Reads a whole input.
 * @throws Failure ValidationException that lists every broken constraint, or SerializationException.
 */
export function readInput<T>(shape: Shape<T>, value: unknown): T {
  const broken: Violation[] = [];
  const input = shape.read(value ?? {}, '', broken);
  if (broken.length === 0) return input;
  const count = broken.length === 1 ? '1 validation error' : `${broken.length} validation errors`;
  throw new Failure('ValidationException', `${count} detected: ${broken.map(({ message }) => message).join('; ')}`, {
    Reason: 'FIELD_VALIDATION_FAILED',
    Fields: broken.map(({ at, message }) => ({ Name: at, Message: message })),
  });
}
