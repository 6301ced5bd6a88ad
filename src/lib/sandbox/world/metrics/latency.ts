/** Standard deviations from the middle of a normal distribution to its 99th percentile. */
const P99_DEVIATIONS = 2.326347874;

/** A log-normal distribution of durations, given by its median and its 99th percentile in seconds. */
export class Latency {
  readonly #median: number;
  readonly #sigma: number;

  constructor({ median, p99 }: { median: number; p99: number }) {
    this.#median = median;
    this.#sigma = Math.log(p99 / median) / P99_DEVIATIONS;
  }

  /** Mean duration in seconds. */
  get mean(): number {
    return this.#median * Math.exp(this.#sigma ** 2 / 2);
  }

  /** The share of requests that take at most so many seconds. */
  within(seconds: number): number {
    return seconds === Number.POSITIVE_INFINITY ? 1 : normal(Math.log(seconds / this.#median) / this.#sigma);
  }
}

/** The normal distribution function, by the approximation 7.1.26 of Abramowitz and Stegun (error below 1.5e-7). */
function normal(deviations: number): number {
  const x = Math.abs(deviations) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - series * Math.exp(-x * x);
  return deviations < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
