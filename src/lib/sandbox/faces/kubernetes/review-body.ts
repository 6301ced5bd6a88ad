import type { Exchange } from '../../exchange.ts';
import { isRecord, type Json } from './merge-patch.ts';
import { bodyOf } from './patch.ts';
import { ApiFailure } from './status.ts';

/** What a review asks about; absent fields are empty. */
export interface ReviewQuestion {
  namespace: string;
  verb: string;
  /** The API group; null for any. */
  group: string | null;
  resource: string;
  subresource: string;
  /** Whether it is about a URL that is no resource. */
  nonResource: boolean;
  /** The question as the answer repeats it. */
  spec: Json;
}

/** The first bytes of Kubernetes' protobuf envelope. */
const MAGIC = Buffer.from('k8s\0');

/**
 * Reads the body of a SelfSubject… review, as JSON or, as kubectl sends these since 1.32, as protobuf. Only these
 * messages are understood in protobuf; field numbers are those of `k8s.io/api/authorization/v1/generated.proto`.
 * @throws 400 and 415
 */
export function readQuestion(exchange: Exchange, kind: string): ReviewQuestion {
  const protobuf = (exchange.header('content-type') ?? '').startsWith('application/vnd.kubernetes.protobuf');
  const sent = protobuf ? { spec: protobufSpec(exchange.body, kind) } : bodyOf(exchange);
  const spec = isRecord(sent) && isRecord(sent['spec']) ? sent['spec'] : {};
  const attributes = isRecord(spec['resourceAttributes']) ? spec['resourceAttributes'] : {};
  const text = (key: string) => (typeof attributes[key] === 'string' ? attributes[key] : '');
  return {
    namespace: text('namespace'),
    verb: text('verb'),
    group: text('group') === '*' ? null : text('group'),
    resource: text('resource'),
    subresource: text('subresource'),
    nonResource: !isRecord(spec['resourceAttributes']),
    spec,
  };
}

function protobufSpec(body: Buffer, kind: string): Json {
  if (!body.subarray(0, 4).equals(MAGIC))
    throw new ApiFailure('BadRequest', 'provided data does not appear to be a protobuf message');
  const raw = fields(body.subarray(4)).get(2) ?? Buffer.alloc(0);
  const spec = fields(fields(raw).get(2) ?? Buffer.alloc(0));
  if (kind === 'SelfSubjectRulesReview') return { namespace: spec.get(1)?.toString('utf8') ?? '' };
  const attributes = spec.get(1);
  if (attributes) {
    return {
      resourceAttributes: named(attributes, [
        'namespace',
        'verb',
        'group',
        'version',
        'resource',
        'subresource',
        'name',
      ]),
    };
  }
  const url = spec.get(2);
  return url ? { nonResourceAttributes: named(url, ['path', 'verb']) } : {};
}

/** A message of strings only: the n-th name is that of field number n. */
function named(message: Buffer, names: readonly string[]): Json {
  const values = fields(message);
  const entries = names.map((name, i) => [name, values.get(i + 1)?.toString('utf8') ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** The length-delimited fields of a protobuf message, by number; others are skipped. */
function fields(message: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      if (byte === undefined || shift > 42) throw new ApiFailure('BadRequest', 'proto: unexpected end of message');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = varint();
      if (at + length > message.length) throw new ApiFailure('BadRequest', 'proto: unexpected end of message');
      found.set(tag >>> 3, message.subarray(at, at + length));
      at += length;
    } else throw new ApiFailure('BadRequest', `proto: illegal wireType ${type}`);
  }
  return found;
}
