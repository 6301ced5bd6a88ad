import { distance } from 'fastest-levenshtein';

/**
 * Known names that a mistyped one may have meant, best first, at most three. A name that merely starts with what was
 * typed counts as near too.
 */
export function nearest(typed: string, known: Iterable<string>): string[] {
  const wanted = typed.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3) + 1);
  const candidates = [...known]
    .map((name) => {
      const candidate = name.toLowerCase();
      const begins = wanted.length >= 2 && (candidate.startsWith(wanted) || wanted.startsWith(candidate));
      return { name, far: begins ? 0.5 : distance(wanted, candidate) };
    })
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name));
  // Where one is clearly nearer, the others would only distract.
  const best = candidates[0]?.far ?? 0;
  return candidates
    .filter(({ far }) => far <= best + 1)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** ` Did you mean X or Y?`, with its leading space; empty when nothing is near. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const names = nearest(typed, known);
  if (names.length === 0) return '';
  return ` Did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
}
