import type { Exchange } from '../../exchange.ts';
import { jsonPatch } from './json-patch.ts';
import { isRecord, type Json, mergePatch, strategicMerge } from './merge-patch.ts';
import { ApiFailure } from './status.ts';

/**
 * Applies the patch in a request to a value, in the kind that its content type names.
 * @throws 400 for a body that is no patch, 415 for a kind that is not supported, 422 for a JSON patch that does not fit
 */
export function applyPatch(exchange: Exchange, value: Json): Json {
  const type = (exchange.header('content-type') ?? '').split(';')[0]?.trim();
  const patch = bodyOf(exchange);
  switch (type) {
    case 'application/json-patch+json':
      return jsonPatch(value, patch);
    case 'application/merge-patch+json':
      return mergePatch(value, record(patch));
    case 'application/strategic-merge-patch+json':
      return strategicMerge(value, record(patch));
    default: {
      const known = ['json-patch', 'merge-patch', 'strategic-merge-patch'].map((kind) => `application/${kind}+json`);
      const message = `the body of the request was in an unknown format - accepted media types include: ${known.join(', ')}`;
      throw new ApiFailure('UnsupportedMediaType', message, {});
    }
  }
}

/**
 * The JSON body of a request.
 * @throws 400 when it is none, 415 for protobuf and the like
 */
export function bodyOf(exchange: Exchange): Json {
  const type = exchange.header('content-type') ?? 'application/json';
  if (!type.includes('json')) {
    const message =
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml';
    throw new ApiFailure('UnsupportedMediaType', message, {});
  }
  try {
    return exchange.parsed() as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON';
    throw new ApiFailure('BadRequest', `error decoding patch: ${why}`);
  }
}

function record(patch: Json): Record<string, Json> {
  if (isRecord(patch)) return patch;
  throw new ApiFailure('BadRequest', 'error decoding patch: json: cannot unmarshal the patch into an object');
}
