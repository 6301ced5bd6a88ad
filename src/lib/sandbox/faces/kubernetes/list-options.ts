import type { Exchange } from '../../exchange.ts';
import { ApiFailure, invalid, type StatusCause } from './status.ts';

const KIND = { group: 'meta.k8s.io', kind: 'ListOptions' };

/**
 * Checks the options of a list by the API server's rules.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 * @throws 422, 400
 */
export function checkListOptions(exchange: Exchange): void {
  const { match, version, continued, initial } = optionsOf(exchange);
  const causes: StatusCause[] = [];
  if (match !== null) {
    const forbid = (words: string) => causes.push(forbidden('resourceVersionMatch', words));
    if (version === '') forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (continued) forbid('resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') causes.push(unsupported(match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0')
      forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (initial !== null) causes.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  if (causes.length > 0) throw invalid(KIND, '', causes);
  if (continued && version !== '' && version !== '0') {
    throw new ApiFailure('BadRequest', 'specifying resource version is not allowed when using continue');
  }
}

/**
 * Checks the options of a watch.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists
 * @throws 422
 */
export function checkWatchOptions(exchange: Exchange): void {
  const { match, continued, initial } = optionsOf(exchange);
  const causes: StatusCause[] = [];
  const forbid = (words: string) => causes.push(forbidden('resourceVersionMatch', words));
  if (initial !== null && match !== 'NotOlderThan')
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (match !== null) {
    if (initial === null) forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (match !== 'NotOlderThan') causes.push(unsupported(match, ['NotOlderThan']));
    if (continued) forbid('resourceVersionMatch is forbidden when continue is provided');
  }
  if (causes.length > 0) throw invalid(KIND, '', causes);
}

function optionsOf({ query }: Exchange) {
  return {
    match: query.get('resourceVersionMatch') || null,
    version: query.get('resourceVersion') ?? '',
    continued: Boolean(query.get('continue')),
    initial: query.get('sendInitialEvents') || null,
  };
}

function forbidden(field: string, words: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${words}`, field };
}

function unsupported(match: string, supported: readonly string[]): StatusCause {
  const list = supported.map((value) => JSON.stringify(value)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(match)}: supported values: ${list}`;
  return { reason: 'FieldValueNotSupported', message, field: 'resourceVersionMatch' };
}
