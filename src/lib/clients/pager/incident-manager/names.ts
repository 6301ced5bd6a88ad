import { OncallError } from '../../../errors.ts';

export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** The first word of the resource: `contact`, `incident-record`. */
  kind: string;
  /** The resource without its kind: `sam`, `PLAN/UUID`. */
  name: string;
}

/** Takes an ARN apart; null when it is not one. */
export function parseArn(text: string | undefined): Arn | null {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):([^/:]+)[/:](.+)$/.exec(text ?? '');
  if (!match) return null;
  const [partition = '', service = '', region = '', account = '', kind = '', name = ''] = match.slice(1);
  return { partition, service, region, account, kind, name };
}

/** Where a caller's own resources live. */
export interface Home {
  partition: string;
  account: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ALIAS = /^[a-z0-9_-]{1,255}$/;

export type ContactsKind = 'contact' | 'contact-channel' | 'engagement' | 'page' | 'rotation';

const SHAPES: Readonly<Record<ContactsKind | 'response-plan', { shape: RegExp; word: string }>> = {
  contact: { shape: ALIAS, word: 'contact' },
  'contact-channel': { shape: /^[a-z0-9_-]{1,255}\/[\w-]+$/i, word: 'contact channel' },
  engagement: { shape: /^[a-z0-9_-]{1,255}\/[\w-]+$/i, word: 'engagement' },
  page: { shape: /^[a-z0-9_-]{1,255}\/[\w-]+$/i, word: 'page' },
  rotation: { shape: /^[\w./-]+$/, word: 'rotation' },
  'response-plan': { shape: /^[\w-]{1,200}$/, word: 'response plan' },
};

/**
 * Between ids and ARNs. Ids are given out short (`sam`, `sam/UUID`, a record's UUID) and made into ARNs again from the
 * caller's account and the region, without a look-up. What has an id of its own and came from elsewhere (another
 * account shares its response plans) is remembered; a contact's alias is not, since it must never mean two people.
 */
export class Names {
  readonly #region: string;
  readonly #home: () => Promise<Home>;
  readonly #seen = new Map<string, string>();

  constructor(region: string, home: () => Promise<Home>) {
    this.#region = region;
    this.#home = home;
  }

  /** The id to give out for an ARN. Text that is no ARN passes as it is; nothing gives an empty id. */
  id(arn: string | undefined): string {
    const parsed = parseArn(arn);
    if (!parsed || arn === undefined) return arn ?? '';
    const id = parsed.kind === 'incident-record' ? lastOf(parsed.name).toLowerCase() : parsed.name;
    if (parsed.kind !== 'contact' && parsed.kind !== 'response-plan') this.#seen.set(`${parsed.kind}:${id}`, arn);
    return id;
  }

  /** The alias that an ARN of ssm-contacts is about, whether it names a contact or one of its pages; null for others. */
  alias(arn: string | undefined): string | null {
    const parsed = parseArn(arn);
    return parsed?.service === 'ssm-contacts' ? (parsed.name.split('/')[0] ?? null) : null;
  }

  /**
   * The ARN of a thing of ssm-contacts, from its id or from the ARN itself.
   * @throws NOT_FOUND when AWS could not have given out such an id
   */
  async contactsArn(kind: ContactsKind, id: string): Promise<string> {
    if (parseArn(id)?.kind === kind) return id;
    const seen = this.#seen.get(`${kind}:${id}`);
    if (seen) return seen;
    assertShape(kind, id);
    const { partition, account } = await this.#home();
    return `arn:${partition}:ssm-contacts:${this.#region}:${account}:${kind}/${id}`;
  }

  /** @throws NOT_FOUND when no response plan can have this name */
  async planArn(name: string): Promise<string> {
    if (parseArn(name)?.kind === 'response-plan') return name;
    assertShape('response-plan', name);
    const { partition, account } = await this.#home();
    return `arn:${partition}:ssm-incidents::${account}:response-plan/${name}`;
  }

  /** The ARN of an incident, if it was given as one or has been seen; null when it has to be looked for. */
  incidentArn(id: string): string | null {
    if (parseArn(id)?.kind === 'incident-record') return id;
    return this.#seen.get(`incident-record:${id.toLowerCase()}`) ?? null;
  }
}

function assertShape(kind: ContactsKind | 'response-plan', id: string): void {
  const { shape, word } = SHAPES[kind];
  if (!shape.test(id)) throw new OncallError(`There is no ${word} "${id}".`, { code: 'NOT_FOUND' });
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a text can be a record's id at all. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The UUID of an incident, given either way. */
export function incidentId(idOrArn: string): string {
  const parsed = parseArn(idOrArn);
  return (parsed?.kind === 'incident-record' ? lastOf(parsed.name) : idOrArn).toLowerCase();
}

/** The response plan that opened an incident: no field of the record tells, but its ARN does. */
export function planOf(incidentArn: string): string {
  return parseArn(incidentArn)?.name.split('/')[0] ?? '';
}
