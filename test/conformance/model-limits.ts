import { type Model, type ModelOperation, type ModelShape, shapeOf } from './aws-model.ts';

type Input = Record<string, unknown>;

/** One limit of an operation's input: an input that breaks it and nothing else, and inputs that just keep it. */
export interface Limit {
  operation: string;
  /** The member, as AWS's messages name it: `Plan.Stages.1.member.DurationInMinutes`. */
  at: string;
  kind: string;
  broken: Input;
  kept: Input[];
}

/** Strings to choose from where a member has a pattern: one for each kind of pattern there is. */
const SAMPLES = [
  'sample-1',
  'arn:aws:ssm-contacts:us-west-2:000000000000:contact/nobody-here',
  'arn:aws:iam::000000000000:role/nobody-here',
  'related-item/OTHER/0123456789ABCDEF0123456789ABCDEF',
  '01234567-89ab-cdef-0123-456789abcdef',
  '1234567',
];
const BREAKERS = ['"', ' ', '', '\u0007\u0007\u0007', 'a"a"a"a', '"'.repeat(36), 'ü'.repeat(8)];

/** Whether a pattern holds, as far as JavaScript reads it as Java does. */
function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, 'u').test(text);
}

function fits({ min = 0, max = Number.POSITIVE_INFINITY, pattern }: ModelShape, text: string): boolean {
  return text.length >= min && text.length <= max && (!pattern || matches(pattern, text));
}

/** A string of just that length that keeps the pattern, made by padding a sample; undefined where none can be made. */
function ofLength(shape: ModelShape, length: number): string | undefined {
  const bare = { ...shape, min: 0, max: Number.POSITIVE_INFINITY };
  const padded = [...SAMPLES, ''].flatMap((sample) => ['a', '1'].map((pad) => sample.padEnd(length, pad)));
  return [...padded, ...padded.map((text) => text.slice(0, length))].find(
    (text) => text.length === length && fits(bare, text),
  );
}

function sample(shape: ModelShape): string {
  const found = SAMPLES.find((text) => fits(shape, text)) ?? ofLength(shape, shape.max ?? shape.min ?? 0);
  if (found === undefined) throw new Error(`no sample fits the pattern ${shape.pattern}`);
  return found;
}

/** A value with every member that there is; of a union, the first. */
export function exampleOf(model: Model, name: string): unknown {
  const shape = shapeOf(model, name);
  if (shape.enum) return shape.enum[0];
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members ?? {}).slice(0, shape.union ? 1 : undefined);
      return Object.fromEntries(members.map(([member, { shape: of }]) => [member, exampleOf(model, of)]));
    }
    case 'list':
      return [exampleOf(model, shape.member?.shape ?? '')];
    case 'map':
      return { [String(exampleOf(model, shape.key?.shape ?? ''))]: exampleOf(model, shape.value?.shape ?? '') };
    case 'string':
      return sample(shape);
    case 'integer':
      return shape.min ?? 1;
    case 'boolean':
      return true;
    default:
      return 1_800_000_000;
  }
}

/** Where in an input we are: its name in messages, and how to put another value there. */
interface Place {
  at: string;
  put: (value: unknown) => Input;
}

type Found = Omit<Limit, 'operation'>;

function bound(place: Place, kind: string, broken: unknown, kept: readonly unknown[]): Found[] {
  if (broken === undefined) return [];
  const keeping = kept.filter((value) => value !== undefined).map(place.put);
  return [{ at: place.at, kind, broken: place.put(broken), kept: keeping }];
}

/** The limits of a string or a number. */
function scalarLimits(shape: ModelShape, place: Place): Found[] {
  const { min, max, pattern } = shape;
  if (shape.enum) return bound(place, 'enum', 'NO_SUCH_VALUE', shape.enum);
  if (shape.type === 'integer') {
    return [
      ...(min === undefined ? [] : bound(place, 'min', min - 1, [min])),
      ...(max === undefined ? [] : bound(place, 'max', max + 1, [max])),
    ];
  }
  if (shape.type !== 'string') return [];
  const breaker = pattern && BREAKERS.find((text) => fits({ ...shape, pattern: '' }, text) && !matches(pattern, text));
  const overlong = max === undefined ? undefined : (ofLength(shape, max + 1) ?? 'a'.repeat(max + 1));
  return [
    ...(min ? bound(place, 'min', ofLength(shape, min - 1) ?? 'a'.repeat(min - 1), [ofLength(shape, min)]) : []),
    ...(max === undefined ? [] : bound(place, 'max', overlong, [ofLength(shape, max)])),
    ...(breaker === undefined || breaker === '' ? [] : bound(place, 'pattern', breaker, [sample(shape)])),
  ];
}

function listLimits(model: Model, shape: ModelShape, place: Place): Found[] {
  const of = shape.member?.shape ?? '';
  const times = (count: number) => Array.from({ length: count }, () => exampleOf(model, of));
  const { min, max } = shape;
  return [
    ...(min ? bound(place, 'min', times(min - 1), [times(min)]) : []),
    ...(max === undefined ? [] : bound(place, 'max', times(max + 1), [times(max)])),
    ...limitsAt(model, of, { at: `${place.at}.1.member`, put: (value) => place.put([value]) }),
  ];
}

function mapLimits(model: Model, shape: ModelShape, place: Place): Found[] {
  const [key, of] = [shape.key?.shape ?? '', shape.value?.shape ?? ''];
  const example = exampleOf(model, of);
  const name = String(exampleOf(model, key));
  const times = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, exampleOf(model, of)]));
  const { min, max } = shape;
  return [
    ...(min ? bound(place, 'min', times(min - 1), [times(min)]) : []),
    ...(max === undefined ? [] : bound(place, 'max', times(max + 1), [times(max)])),
    ...limitsAt(model, key, { at: `${place.at}.key`, put: (value) => place.put({ [String(value)]: example }) }),
    ...limitsAt(model, of, { at: `${place.at}.${name}.member`, put: (value) => place.put({ [name]: value }) }),
  ];
}

function structureLimits(model: Model, shape: ModelShape, place: Place): Found[] {
  const members = Object.entries(shape.members ?? {});
  const whole = Object.fromEntries(members.map(([name, { shape: of }]) => [name, exampleOf(model, of)]));
  const others = (name: string) =>
    shape.union
      ? {}
      : Object.fromEntries(members.flatMap(([other]) => (other === name ? [] : [[other, whole[other]]])));
  const path = (name: string) => (place.at ? `${place.at}.${name}` : name);
  const found = members.flatMap(([name, { shape: of, location }]) => [
    // A label of the path cannot be left out: that is another path.
    ...(shape.required?.includes(name) && location !== 'uri'
      ? [{ at: path(name), kind: 'required', broken: place.put(others(name)), kept: [] }]
      : []),
    ...limitsAt(model, of, { at: path(name), put: (value) => place.put({ ...others(name), [name]: value }) }),
  ]);
  if (!shape.union) return found;
  const kept = members.map(([name]) => ({ [name]: whole[name] }));
  return [
    ...found,
    ...bound(place, 'union of none', {}, kept),
    ...(members.length > 1 ? bound(place, 'union of several', whole, []) : []),
  ];
}

function limitsAt(model: Model, name: string, place: Place): Found[] {
  const shape = shapeOf(model, name);
  if (shape.type === 'structure') return structureLimits(model, shape, place);
  if (shape.type === 'list') return listLimits(model, shape, place);
  if (shape.type === 'map') return mapLimits(model, shape, place);
  return scalarLimits(shape, place);
}

/**
 * Every limit that the model puts to the input of an operation, however deep: lengths, patterns, enumerations, ranges,
 * sizes, what is required, and unions. A pattern that nothing can break is no limit.
 */
export function limitsOf(model: Model, operation: ModelOperation): Limit[] {
  const found = limitsAt(model, operation.input.shape, { at: '', put: (value) => value as Input });
  return found.map((limit) => ({ ...limit, operation: operation.name }));
}
