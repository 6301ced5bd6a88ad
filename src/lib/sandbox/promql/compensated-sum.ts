/** A running sum that keeps what rounding loses (Neumaier), as Prometheus adds over time. */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const total = this.#sum + value;
    if (Math.abs(this.#sum) >= Math.abs(value)) this.#lost += this.#sum - total + value;
    else this.#lost += value - total + this.#sum;
    this.#sum = total;
  }

  /** The sum without what was lost; infinite as soon as one addend was. */
  get rough(): number {
    return this.#sum;
  }

  get value(): number {
    return Number.isFinite(this.#sum) || Number.isNaN(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }

  /** The sum as an intermediate result, with what was lost added even when it is infinite. */
  get exact(): number {
    return this.#sum + this.#lost;
  }
}
