import type { GitHub } from '../clients/github/github.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import type { ApiCall } from './api-call.ts';
import { type Hold, holdIsRead, readHold, removeHoldCall, setHoldCall } from './hold.ts';
import { repositoryOf } from './repository.ts';

/** What `oncall hold` would do. */
export interface HoldPlan {
  service: string;
  repository: string;
  hold: Hold;
  /** The hold that is there already, and would be replaced. */
  previous: Hold | null;
  /** Whether the deploy workflow reads it; null when that could not be seen. */
  isRead: boolean | null;
  calls: ApiCall[];
}

/** What `oncall release` would do. */
export interface ReleasePlan {
  service: string;
  repository: string;
  /** The hold that ends; null when there is none. */
  hold: Hold | null;
  calls: ApiCall[];
}

/** @param wanted milliseconds: since when and for how long */
export async function planHold(
  github: GitHub,
  service: Service,
  wanted: { reason: string; by: string; now: number; for: number },
): Promise<HoldPlan> {
  const repository = repositoryOf(service);
  const [previous, isRead] = await Promise.all([
    readHold(github, repository),
    holdIsRead(github, repository, service.workflows.deploy),
  ]);
  const hold: Hold = {
    service: service.name,
    reason: wanted.reason,
    by: wanted.by,
    since: new Date(wanted.now).toISOString(),
    until: new Date(wanted.now + wanted.for).toISOString(),
  };
  return {
    service: service.name,
    repository,
    hold,
    previous,
    isRead,
    calls: [setHoldCall(repository, hold, previous)],
  };
}

export async function planRelease(github: GitHub, service: Service): Promise<ReleasePlan> {
  const repository = repositoryOf(service);
  const hold = await readHold(github, repository);
  return { service: service.name, repository, hold, calls: hold ? [removeHoldCall(repository)] : [] };
}

/**
 * The service whose deploys are on hold, where nobody said which one is meant.
 * @returns null when none is
 * @throws AMBIGUOUS when several are
 */
export async function theHeldService(github: GitHub, services: readonly Service[]): Promise<Service | null> {
  const byRepository = new Map(
    services.flatMap((service) => (service.repository ? [[service.repository, service]] : [])),
  );
  const found = await Promise.all(
    [...byRepository].map(async ([repository, service]) => ({ service, hold: await readHold(github, repository) })),
  );
  const held = found.filter(({ hold }) => hold !== null);
  if (held.length > 1) {
    throw new OncallError(`Deploys of ${held.length} services are on hold.`, {
      code: 'AMBIGUOUS',
      hint: `Run one of: ${held.map(({ service }) => `\`oncall release ${service.name}\``).join(', ')}.`,
    });
  }
  const [only] = held;
  if (!only) return null;
  return services.find(({ name }) => name === only.hold?.service) ?? only.service;
}
