import type { Exchange } from './exchange.ts';

/** One outside service, as its clients see it. */
export interface Face {
  /** The name used in faults and in the log: `ssm-incidents`, `kubernetes`, `github`, … */
  readonly name: string;
  /** Answers one request. What it throws is shown to the client as that service's own 500. */
  answer(exchange: Exchange): void | Promise<void>;
}

/** One API operation: the method and path that reach it, under the API's own name, and what it does. */
export interface Operation {
  name: string;
  method: string;
  /** Path with `:name` for one segment and a final `*name` for the rest, e.g. `/repos/:owner/:repo/compare/*basehead`. */
  path: string;
  run(exchange: Exchange, params: Readonly<Record<string, string>>): void | Promise<void>;
}

interface Route {
  operation: Operation;
  pattern: RegExp;
  names: string[];
}

function compile(operation: Operation): Route {
  const names: string[] = [];
  const source = operation.path
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) {
        names.push(part.slice(1));
        return '([^/]+)';
      }
      if (part.startsWith('*')) {
        names.push(part.slice(1));
        return '(.*)';
      }
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return { operation, pattern: new RegExp(`^${source}$`), names };
}

/**
 * A face whose operations are told apart by method and path. Paths are matched before they are decoded, and each
 * parameter is decoded after, so that an encoded slash stays inside its segment.
 * @param unknown answers what no operation matches, in the service's own words; `allowed` lists the methods that the path knows.
 */
export function faceByPath(
  name: string,
  operations: readonly Operation[],
  unknown: (exchange: Exchange, allowed: string[]) => void,
): Face {
  const routes = operations.map(compile);
  return {
    name,
    async answer(exchange) {
      const allowed: string[] = [];
      for (const { operation, pattern, names } of routes) {
        const match = pattern.exec(exchange.path);
        if (!match) continue;
        if (operation.method !== exchange.method) {
          allowed.push(operation.method);
          continue;
        }
        exchange.operation = operation.name;
        const params = Object.fromEntries(names.map((param, i) => [param, decodeURIComponent(match[i + 1] ?? '')]));
        await operation.run(exchange, params);
        return;
      }
      unknown(exchange, allowed);
    },
  };
}
