import type { Random } from '../random.ts';

/** Where the numbers of each kind begin: of the size that github.com hands out today, most of them beyond 32 bits. */
const FIRST = {
  user: 20_418_300,
  repository: 702_553_100,
  workflow: 148_233_500,
  run: 17_402_118_000,
  job: 49_366_402_000,
  suite: 41_877_310_000,
  deployment: 2_914_660_000,
  status: 6_120_440_000,
  environment: 5_204_110_000,
  pull: 2_388_100_000,
} as const;

export type IdKind = keyof typeof FIRST;

/** Hands out GitHub's numeric ids: growing, with gaps, since everyone else on github.com is busy too. */
export class Ids {
  readonly #random: Random;
  readonly #last = new Map<IdKind, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  next(kind: IdKind): number {
    const id = (this.#last.get(kind) ?? FIRST[kind]) + this.#random.between(1, 900);
    this.#last.set(kind, id);
    return id;
  }
}
