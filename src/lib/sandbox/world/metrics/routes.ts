/** What each service is asked for: the `handler` and `method` labels, and each one's share of all requests. */
export interface ServedRoute {
  method: string;
  handler: string;
  share: number;
}

function served(method: string, handler: string, share: number): ServedRoute {
  return { method, handler, share };
}

const ROUTES: Readonly<Record<string, readonly ServedRoute[]>> = {
  dolthubapi: [
    served('GET', '/api/v1/:owner/:database', 0.55),
    served('GET', '/api/v1/user', 0.3),
    served('POST', '/api/v1/:owner/:database/write', 0.15),
  ],
  dolthubgraphql: [served('POST', '/graphql', 1)],
  'dolthub-web': [
    served('GET', '/', 0.2),
    served('GET', '/repositories/[owner]/[name]', 0.6),
    served('GET', '/repositories/[owner]/[name]/pulls/[id]', 0.2),
  ],
  fileserviceapi: [served('GET', '/download/:id', 0.8), served('PUT', '/upload/:id', 0.2)],
  userservice: [served('GET', '/session', 0.7), served('GET', '/permissions', 0.25), served('POST', '/signin', 0.05)],
  remotesapi: [
    served('POST', '/ChunkStoreService/GetDownloadLocations', 0.75),
    served('POST', '/ChunkStoreService/Commit', 0.25),
  ],
};

export function routesOf(service: string): readonly ServedRoute[] {
  return ROUTES[service] ?? [served('GET', '/', 1)];
}
