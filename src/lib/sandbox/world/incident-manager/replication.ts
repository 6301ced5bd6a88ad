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
  status: 'ACTIVE' | 'CREATING' | 'UPDATING';
  regions: Map<string, ReplicatedRegion>;
}

interface ReplicatedRegion {
  keyId: string;
  status: 'ACTIVE' | 'CREATING' | 'DELETING';
  updatedAt: number;
}

/** What copying everything to a region takes, in ms of life. */
const REPLICATING = 60_000;

/** The account's one replication set. */
export class Replication {
  readonly #site: Site;
  #set: ReplicationSet | null;

  constructor(site: Site, owner: string) {
    this.#site = site;
    const at = site.clock.now() - 400 * 86_400_000;
    this.#set = this.#make([{ name: site.region, keyId: undefined }], { by: owner, at, status: 'ACTIVE' });
  }

  list(): ReplicationSet[] {
    return this.#set ? [this.#set] : [];
  }

  get(arn: string): ReplicationSet {
    if (this.#set?.arn !== arn) throw noIncidentResource(arn, 'REPLICATION_SET');
    return this.#set;
  }

  /**
   * Since 7 November 2025 no account can begin to use Incident Manager; that error is not in the API's model. One that
   * did before can make itself a new set.
   * @returns the set, which becomes active after a while.
   */
  create(
    regions: readonly { name: string; keyId: string | undefined }[],
    who: { by: string; customer: boolean },
  ): ReplicationSet {
    if (!who.customer) throw new Failure('UnsupportedOperationException', 'This operation is not supported.');
    if (this.#set) throw this.#conflict(this.#set, 'A replication set already exists in this account');
    const set = this.#make(regions, { by: who.by, at: this.#site.clock.now(), status: 'CREATING' });
    this.#set = set;
    this.#becomeActive(set);
    return set;
  }

  addRegion(arn: string, region: string, how: { keyId: string | undefined; by: string }): void {
    const set = this.#settled(arn);
    if (set.regions.has(region)) throw this.#conflict(set, `${region} is already in the replication set`);
    if (set.regions.size >= 3) throw new Failure('ValidationException', 'A replication set has at most three regions');
    const updatedAt = this.#site.clock.now();
    set.regions.set(region, { keyId: how.keyId ?? 'DefaultKey', status: 'CREATING', updatedAt });
    this.#change(set, how.by);
  }

  removeRegion(arn: string, region: string, by: string): void {
    const set = this.#settled(arn);
    const leaving = set.regions.get(region);
    if (!leaving) throw new Failure('ValidationException', `${region} is not in the replication set`);
    if (set.regions.size === 1) throw new Failure('ValidationException', 'The last region cannot be removed');
    Object.assign(leaving, { status: 'DELETING', updatedAt: this.#site.clock.now() });
    this.#change(set, by);
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

  /** The set, which must not be in the middle of a change. */
  #settled(arn: string): ReplicationSet {
    const set = this.get(arn);
    if (set.status !== 'ACTIVE') throw this.#conflict(set, 'The replication set is being changed');
    return set;
  }

  #change(set: ReplicationSet, by: string): void {
    set.status = 'UPDATING';
    this.#touch(set, by);
    this.#becomeActive(set);
  }

  #becomeActive(set: ReplicationSet): void {
    const { clock } = this.#site;
    clock.after(REPLICATING, () => {
      for (const [name, region] of set.regions) {
        if (region.status === 'DELETING') set.regions.delete(name);
        else if (region.status === 'CREATING') Object.assign(region, { status: 'ACTIVE', updatedAt: clock.now() });
      }
      set.status = 'ACTIVE';
    });
  }

  #conflict(set: ReplicationSet, message: string): Failure {
    return new Failure('ConflictException', message, {
      resourceIdentifier: set.arn,
      resourceType: 'REPLICATION_SET',
    });
  }

  #touch(set: ReplicationSet, by: string): void {
    set.modifiedAt = this.#site.clock.now();
    set.modifiedBy = by;
  }

  #make(
    regions: readonly { name: string; keyId: string | undefined }[],
    { by, at, status }: { by: string; at: number; status: 'ACTIVE' | 'CREATING' },
  ): ReplicationSet {
    return {
      arn: incidentsArn(this.#site, `replication-set/${this.#site.random.uuid()}`),
      createdAt: at,
      createdBy: by,
      modifiedAt: at,
      modifiedBy: by,
      deletionProtected: false,
      status,
      regions: new Map(
        regions.map(({ name, keyId }) => [name, { keyId: keyId ?? 'DefaultKey', status, updatedAt: at }]),
      ),
    };
  }
}
