import type { RollBackMark } from './kubernetes.ts';
import { imageOf } from './running-revision.ts';
import type { WireWorkload } from './wire.ts';

/** The annotation by which a Deployment remembers that it was put back past its workflow. */
export const MARK = 'oncall/rolled-back';

/** What a workload says about a roll-back, as long as it still runs what was put back. */
export function rolledBack({ metadata, spec }: WireWorkload): RollBackMark | null {
  try {
    const told = JSON.parse(metadata.annotations?.[MARK] ?? 'null') as Partial<RollBackMark> | null;
    if (!told || typeof told.at !== 'string' || Number.isNaN(Date.parse(told.at))) return null;
    if (told.image !== imageOf(spec.template)) return null;
    return { by: String(told.by ?? 'somebody'), at: told.at, reason: String(told.reason ?? ''), image: told.image };
  } catch {
    return null;
  }
}
