/** The tags of every resource, by ARN. */
export class Tags {
  readonly #byArn = new Map<string, Map<string, string>>();

  of(arn: string): Record<string, string> {
    return Object.fromEntries(this.#byArn.get(arn) ?? []);
  }

  add(arn: string, tags: Readonly<Record<string, string>>): void {
    const known = this.#byArn.get(arn) ?? new Map<string, string>();
    for (const [key, value] of Object.entries(tags)) known.set(key, value);
    this.#byArn.set(arn, known);
  }

  /** Whether the resource would have more than the 50 tags that the model allows a resource. */
  wouldExceed(arn: string, tags: Readonly<Record<string, string>>): boolean {
    return Object.keys({ ...this.of(arn), ...tags }).length > 50;
  }

  /** A resource that is gone takes its tags with it: one of the same name begins without. */
  forget(arn: string): void {
    this.#byArn.delete(arn);
  }

  forgetAll(): void {
    this.#byArn.clear();
  }

  remove(arn: string, keys: readonly string[]): void {
    for (const key of keys) this.#byArn.get(arn)?.delete(key);
  }
}
