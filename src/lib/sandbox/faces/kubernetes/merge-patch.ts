export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 7386: objects are merged, null removes, anything else replaces. */
export function mergePatch(target: Json, patch: Record<string, Json>): Json {
  const result: Record<string, Json> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else set(result, key, isRecord(value) ? mergePatch(result[key] ?? {}, value) : value);
  }
  return result;
}

/**
 * What tells the items of a list apart, by the name of the list's field; a list that is not here is replaced whole.
 * From the `patchMergeKey` tags of the API types.
 */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  ports: 'containerPort',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/**
 * Kubernetes' own merge: as a merge patch, but lists of named things are merged item by item, and `$patch`,
 * `$retainKeys` and `$deleteFromPrimitiveList` say what plain JSON cannot.
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMerge(target: Json, patch: Record<string, Json>): Json {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const result: Record<string, Json> = isRecord(target) ? { ...target } : {};
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) {
      const [directive, list] = key.split('/');
      if (directive === '$deleteFromPrimitiveList' && list) removeItems(result, list, value);
    } else if (value === null || (isRecord(value) && value['$patch'] === 'delete')) {
      delete result[key];
    } else {
      set(result, key, merged(key, result[key], value));
    }
  }
  return result;
}

function merged(key: string, target: Json | undefined, value: Json): Json {
  if (isRecord(value)) return strategicMerge(target ?? {}, value);
  if (!Array.isArray(value)) return value;
  const mergeKey = Object.hasOwn(MERGE_KEYS, key) ? MERGE_KEYS[key] : undefined;
  if (mergeKey && value.every(isRecord)) return mergeLists(Array.isArray(target) ? target : [], value, mergeKey);
  if (key === 'finalizers' && Array.isArray(target)) return [...new Set([...target, ...value])];
  return value;
}

function mergeLists(target: Json[], patch: Record<string, Json>[], mergeKey: string): Json[] {
  if (patch.some((item) => item['$patch'] === 'replace')) {
    return patch.filter((item) => item['$patch'] !== 'replace').map(withoutDirectives);
  }
  const result = [...target];
  for (const item of patch) {
    const index = result.findIndex((known) => isRecord(known) && known[mergeKey] === item[mergeKey]);
    if (item['$patch'] === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) {
      result[index] = strategicMerge(result[index] ?? {}, item);
    } else {
      result.push(withoutDirectives(item));
    }
  }
  return result;
}

function removeItems(result: Record<string, Json>, list: string, items: Json): void {
  const target = result[list];
  if (Array.isArray(target) && Array.isArray(items)) result[list] = target.filter((item) => !items.includes(item));
}

function withoutDirectives(patch: Record<string, Json>): Json {
  return Object.fromEntries(
    Object.entries(patch)
      .filter(([key, value]) => !key.startsWith('$') && value !== null)
      .map(([key, value]) => [key, isRecord(value) ? withoutDirectives(value) : value]),
  );
}

/** Assigns even `__proto__` as an ordinary key: a patch comes from outside. */
function set(target: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
