import type { Exchange } from '../../exchange.ts';

/** Who a request comes from, to the API server. */
export interface User {
  user: string;
  groups: readonly string[];
}

/**
 * The identity in the client certificate of a request's connection. An exchange does not know its connection, so the
 * server that accepted it says so here.
 */
const certified = new WeakMap<Exchange, User>();

export function rememberPeer(exchange: Exchange, user: User): void {
  certified.set(exchange, user);
}

/** The user of a verified client certificate (common name, organisations as groups), or undefined. */
export function peerOf(exchange: Exchange): User | undefined {
  return certified.get(exchange);
}
