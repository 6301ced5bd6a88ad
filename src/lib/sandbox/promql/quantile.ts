/** Ascending, NaN first: the order in which Prometheus ranks values. */
export function rising(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  return Number.isNaN(b) ? 1 : a - b;
}

/** The φ-quantile of some values, interpolated between the two nearest ranks. */
export function quantile(phi: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  const sorted = [...values].sort(rising);
  const rank = phi * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] as number) * (1 - weight) + (sorted[upper] as number) * weight;
}

/** One bucket of a classic histogram: how many observations are at most `bound`. */
export interface Bucket {
  bound: number;
  count: number;
}

/**
 * The φ-quantile of a classic histogram, interpolated linearly within its bucket.
 * https://prometheus.io/docs/prometheus/2.42/querying/functions/#histogram_quantile
 */
export function bucketQuantile(phi: number, unordered: readonly Bucket[]): number {
  if (Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  const buckets = monotonic(coalesced([...unordered].sort((a, b) => a.bound - b.bound)));
  const last = buckets.at(-1);
  if (!last || last.bound !== Number.POSITIVE_INFINITY || buckets.length < 2) return Number.NaN;
  if (last.count === 0) return Number.NaN;
  const rank = phi * last.count;
  const found = buckets.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (found < 0) return (buckets.at(-2) as Bucket).bound;
  const bucket = buckets[found] as Bucket;
  if (found === 0 && bucket.bound <= 0) return bucket.bound;
  const below = found === 0 ? { bound: 0, count: 0 } : (buckets[found - 1] as Bucket);
  return below.bound + (bucket.bound - below.bound) * ((rank - below.count) / (bucket.count - below.count));
}

function coalesced(sorted: readonly Bucket[]): Bucket[] {
  const out: Bucket[] = [];
  for (const { bound, count } of sorted) {
    const last = out.at(-1);
    if (last?.bound === bound) last.count += count;
    else out.push({ bound, count });
  }
  return out;
}

/** Buckets are not scraped in one instant, so a later one may count less; Prometheus takes the highest seen so far. */
function monotonic(buckets: Bucket[]): Bucket[] {
  let highest = Number.NEGATIVE_INFINITY;
  return buckets.map(({ bound, count }) => {
    highest = count > highest || highest === Number.NEGATIVE_INFINITY ? count : highest;
    return { bound, count: Math.max(highest, count) };
  });
}
