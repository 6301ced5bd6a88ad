import { Failure, noIncidentResource } from './failure.ts';
import { incidentsArn, type Site } from './site.ts';

/** The set of regions that an account's incidents live in. Without one, nothing else in the account works. */
export interface ReplicationSet {
  arn: string;
  createdAt: number;
  createdBy: string;
  modifiedAt: number;
  modifiedBy: string;
  deletionProtected: boolean;
  regions: Map<string, { keyId: string; updatedAt: number }>;
}

/** The account's one replication set. */
export class Replication {
  readonly #site: Site;
  #set: ReplicationSet | null;

  constructor(site: Site, owner: string) {
    this.#site = site;
    const at = site.clock.now() - 400 * 86_400_000;
    this.#set = this.#make([[site.region, undefined]], owner, at);
  }

  list(): ReplicationSet[] {
    return this.#set ? [this.#set] : [];
  }

  get(arn: string): ReplicationSet {
    if (this.#set?.arn !== arn) throw noIncidentResource(arn, 'REPLICATION_SET');
    return this.#set;
  }

  /** Since 7 November 2025 no account can begin to use Incident Manager; this error is not in the API's model. */
  create(onboarded: boolean): never {
    if (this.#set && onboarded) {
      const details = { resourceIdentifier: this.#set.arn, resourceType: 'REPLICATION_SET' };
      throw new Failure('ConflictException', 'A replication set already exists in this account', details);
    }
    throw new Failure('UnsupportedOperationException', 'This operation is not supported.');
  }

  addRegion(arn: string, region: string, how: { keyId: string | undefined; by: string }): void {
    const set = this.get(arn);
    if (set.regions.has(region)) throw new Failure('ConflictException', `${region} is already in the replication set`);
    if (set.regions.size >= 3) throw new Failure('ValidationException', 'A replication set has at most three regions');
    set.regions.set(region, { keyId: how.keyId ?? 'DefaultKey', updatedAt: this.#site.clock.now() });
    this.#touch(set, how.by);
  }

  removeRegion(arn: string, region: string, by: string): void {
    const set = this.get(arn);
    if (!set.regions.has(region)) throw new Failure('ValidationException', `${region} is not in the replication set`);
    if (set.regions.size === 1) throw new Failure('ValidationException', 'The last region cannot be removed');
    set.regions.delete(region);
    this.#touch(set, by);
  }

  protect(arn: string, deletionProtected: boolean, by: string): void {
    const set = this.get(arn);
    set.deletionProtected = deletionProtected;
    this.#touch(set, by);
  }

  delete(arn: string): void {
    if (this.get(arn).deletionProtected) throw new Failure('ValidationException', 'The replication set is protected');
    this.#set = null;
  }

  #touch(set: ReplicationSet, by: string): void {
    set.modifiedAt = this.#site.clock.now();
    set.modifiedBy = by;
  }

  #make(regions: [string, string | undefined][], by: string, at: number): ReplicationSet {
    return {
      arn: incidentsArn(this.#site, `replication-set/${this.#site.random.uuid()}`),
      createdAt: at,
      createdBy: by,
      modifiedAt: at,
      modifiedBy: by,
      deletionProtected: false,
      regions: new Map(regions.map(([region, keyId]) => [region, { keyId: keyId ?? 'DefaultKey', updatedAt: at }])),
    };
  }
}
