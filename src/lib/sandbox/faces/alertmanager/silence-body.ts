import type { Exchange } from '../../exchange.ts';
import type { SilenceDraft } from '../../world/alerting/silences.ts';
import { BodyReader, refused } from './go-json.ts';

const REQUIRED = ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt'] as const;
const read = new BodyReader('silence');

/**
 * Reads the body of `POST /api/v2/silences`.
 * @throws RequestRefused
 */
export function silenceBody(exchange: Exchange): SilenceDraft {
  const parsed = read.body(exchange);
  if (parsed !== null && (typeof parsed !== 'object' || Array.isArray(parsed))) {
    throw read.mismatch(parsed, 'value of type struct { ID string "json:\\"id,omitempty\\"" }');
  }
  const body = (parsed ?? {}) as Record<string, unknown>;
  // The kinds are looked at while decoding, field by field as they come; what is required only afterwards.
  const decoded: Partial<Decoded> = {};
  for (const name of Object.keys(body)) Object.assign(decoded, decode(name, body[name]));
  const { matchers = [], id, comment = '', createdBy = '', startsAt = 0, endsAt = 0 } = decoded;
  for (const name of REQUIRED) {
    if (body[name] === undefined || body[name] === null) throw refused(602, `${name} in body is required`);
    if (name === 'matchers') validated(matchers);
  }
  return { id, matchers: validated(matchers), startsAt, endsAt, createdBy, comment };
}

interface Decoded {
  id: string | undefined;
  comment: string | undefined;
  createdBy: string | undefined;
  startsAt: number | undefined;
  endsAt: number | undefined;
  matchers: LooseMatcher[];
}

function decode(name: string, value: unknown): Partial<Decoded> {
  switch (name) {
    case 'id':
    case 'comment':
    case 'createdBy':
      return { [name]: read.text(value, `Silence.${name}`) };
    case 'startsAt':
    case 'endsAt':
      return { [name]: read.time(value, `Silence.${name}`) };
    case 'matchers':
      return { matchers: matchersOf(value) };
    default:
      return {};
  }
}

interface LooseMatcher {
  name: string | undefined;
  value: string | undefined;
  isRegex: boolean | undefined;
  isEqual: boolean | undefined;
}

function matchersOf(value: unknown): LooseMatcher[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw read.mismatch(value, 'struct field Silence.matchers of type models.Matchers');
  return (value as (Record<string, unknown> | null)[]).map((one) => ({
    name: read.text(one?.['name'], 'Matcher.matchers.name'),
    value: read.text(one?.['value'], 'Matcher.matchers.value'),
    isRegex: read.flag(one?.['isRegex'], 'Matcher.matchers.isRegex'),
    isEqual: read.flag(one?.['isEqual'], 'Matcher.matchers.isEqual'),
  }));
}

function validated(matchers: readonly LooseMatcher[]): SilenceDraft['matchers'] {
  if (matchers.length === 0) throw refused(612, 'matchers in body should have at least 1 items');
  return matchers.map(({ name, value, isRegex, isEqual }, i) => {
    const missing =
      isRegex === undefined ? 'isRegex' : name === undefined ? 'name' : value === undefined ? 'value' : null;
    if (missing) throw refused(602, `matchers.${i}.${missing} in body is required`);
    // Clients older than 0.22 know no negative matchers and leave `isEqual` out.
    return { name: name ?? '', value: value ?? '', isRegex: isRegex === true, isEqual: isEqual !== false };
  });
}
