import { type Model, type ModelShape, shapeOf } from './aws-model.ts';

export interface FitOptions {
  /** On the wire a timestamp is a number of seconds; what the command line prints may be a date. */
  printed?: boolean;
}

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
};

function scalarMisfit(shape: ModelShape, value: unknown, { printed = false }: FitOptions): string | null {
  if (shape.type === 'timestamp') {
    const isDate = printed && typeof value === 'string' && !Number.isNaN(Date.parse(value));
    // Seconds of this century: milliseconds would be a thousand times as many.
    const isSeconds = typeof value === 'number' && value > 1e9 && value < 1e10;
    return isDate || isSeconds ? null : 'is not a timestamp';
  }
  if (!SCALARS[shape.type]?.(value)) return `is not of type ${shape.type}`;
  if (shape.enum && !shape.enum.includes(value as string)) return 'is not in the enumeration';
  const size = typeof value === 'string' ? [...value].length : Number(value);
  if (shape.min !== undefined && size < shape.min) return `is under ${shape.min}`;
  if (shape.max !== undefined && size > shape.max) return `is over ${shape.max}`;
  if (shape.pattern && !new RegExp(shape.pattern, 'u').test(String(value))) return 'does not match the pattern';
  return null;
}

/**
 * What is wrong with an answer by AWS's model: required members that are missing, wrong types, values out of their
 * bounds, and members that the model does not know. Empty when it fits. Members that are null count as left out.
 */
export function misfits(model: Model, shapeName: string, value: unknown, options: FitOptions = {}, at = ''): string[] {
  const shape = shapeOf(model, shapeName);
  const wrong = (what: string) => [`${at || 'the answer'} ${what}`];
  if (shape.type === 'list') {
    if (!Array.isArray(value)) return wrong('is not a list');
    return value.flatMap((one, i) => misfits(model, shape.member?.shape ?? '', one, options, `${at}[${i}]`));
  }
  if (shape.type !== 'structure' && shape.type !== 'map') {
    const misfit = scalarMisfit(shape, value, options);
    return misfit ? wrong(misfit) : [];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('is not an object');
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  const path = (name: string) => (at ? `${at}.${name}` : name);
  if (shape.type === 'map') {
    return entries.flatMap(([name, one]) => misfits(model, shape.value?.shape ?? '', one, options, path(name)));
  }
  const names = new Set(entries.map(([name]) => name));
  return [
    ...(shape.required ?? []).filter((name) => !names.has(name)).map((name) => `${path(name)} is missing`),
    ...(shape.union && names.size !== 1 ? wrong('is a union of one member') : []),
    ...entries.flatMap(([name, one]) => {
      const member = shape.members?.[name];
      return member ? misfits(model, member.shape, one, options, path(name)) : [`${path(name)} is not in the model`];
    }),
  ];
}
