import { isDeepStrictEqual } from 'node:util';
import { isRecord, type Json } from './merge-patch.ts';
import { ApiFailure } from './status.ts';

/**
 * RFC 6902: a list of operations, all of them or none.
 * @throws 400 for what is no list of operations, 422 for one that does not fit the value
 */
export function jsonPatch(value: Json, patch: Json): Json {
  if (!Array.isArray(patch) || !patch.every(isRecord)) {
    throw new ApiFailure(
      'BadRequest',
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  // The document is wrapped, so that the empty path, which is all of it, is a place like any other.
  const root: Json = { root: structuredClone(value) };
  for (const operation of patch) run(root, operation);
  return root['root'] ?? null;
}

function run(root: Json, operation: Record<string, Json>): void {
  const { op, path, from, value } = operation;
  const target = pointer(path);
  switch (op) {
    case 'add':
      add(root, target, value ?? null);
      return;
    case 'remove':
      remove(root, target);
      return;
    case 'replace':
      // RFC 6902 section 4.3: the target must exist.
      remove(root, target);
      add(root, target, value ?? null);
      return;
    case 'move':
      add(root, target, remove(root, pointer(from)));
      return;
    case 'copy':
      add(root, target, structuredClone(read(root, pointer(from))));
      return;
    case 'test':
      if (!isDeepStrictEqual(read(root, target), value)) throw unfit(`testing value ${String(path)} failed`);
      return;
    default:
      throw unfit(`Unexpected kind: ${String(op)}`);
  }
}

function pointer(path: Json | undefined): string[] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) throw unfit(`bad path: ${String(path)}`);
  const parts = path.split('/').slice(1);
  return ['root', ...parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))];
}

function read(root: Json, path: string[]): Json {
  let value: Json = root;
  for (const part of path) value = child(value, part, path);
  return value;
}

function child(parent: Json, part: string, path: string[]): Json {
  const value = Array.isArray(parent)
    ? parent[index(part, parent.length - 1)]
    : isRecord(parent) && Object.hasOwn(parent, part)
      ? parent[part]
      : undefined;
  if (value === undefined) throw unfit(`missing path: /${path.slice(1).join('/')}`);
  return value;
}

function add(root: Json, path: string[], value: Json): void {
  const last = path.at(-1) as string;
  const parent = read(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : index(last, parent.length), 0, value);
  else if (isRecord(parent))
    Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  else throw unfit(`missing path: /${path.slice(1).join('/')}`);
}

function remove(root: Json, path: string[]): Json {
  const last = path.at(-1) as string;
  const parent = read(root, path.slice(0, -1));
  const value = child(parent, last, path);
  if (Array.isArray(parent)) parent.splice(index(last, parent.length - 1), 1);
  else if (isRecord(parent)) delete parent[last];
  return value;
}

function index(part: string, most: number): number {
  if (/^(0|[1-9]\d*)$/.test(part) && Number(part) <= most) return Number(part);
  throw unfit(`invalid index: ${part}`);
}

function unfit(why: string): ApiFailure {
  return new ApiFailure('Invalid', `the server rejected our request due to an error in our request: ${why}`, {});
}
