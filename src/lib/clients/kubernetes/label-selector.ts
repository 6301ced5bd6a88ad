type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Whether labels meet a selector in kubectl's notation: `app=api,tier in (web,edge),!canary`. A label that is absent
 * meets `!=` and `notin`, as in Kubernetes.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 * @returns null when the selector cannot be understood
 */
export function matcher(selector: string): Requirement | null {
  const requirements = split(selector).map(requirement);
  if (requirements.some((one) => one === null)) return null;
  return (labels) => requirements.every((one) => one?.(labels));
}

/** The values that the selector demands by equality, e.g. `dolthubapi` for `app=dolthubapi`. */
export function demandedValues(selector: string): string[] {
  return split(selector).flatMap((part) => /^[^!=\s]+\s*==?\s*(\S+)$/.exec(part)?.[1] ?? []);
}

/** Parts between the commas that are not within parentheses. */
function split(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function requirement(part: string): Requirement | null {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const equality = /^([^!=\s]+)\s*(==?|!=)\s*(\S*)$/.exec(part);
  if (equality) {
    const [, key = '', operator, value] = equality;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const presence = /^(!?)\s*([^!=\s]+)$/.exec(part);
  if (!presence) return null;
  const [, not, key = ''] = presence;
  return (labels) => key in labels === (not === '');
}
