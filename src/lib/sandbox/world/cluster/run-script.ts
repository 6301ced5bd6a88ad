import type { ServiceSpec } from '../catalog.ts';

/** What a container writes at the turns of its life, in its service's own form. `at` is milliseconds since 1970. */

export function startLines(service: ServiceSpec, version: string, at: number): string[] {
  if (service.language === 'nextjs') {
    return [
      plain(at, 'info', `starting ${service.name} version=${version}`),
      plain(at, 'info', `ready on http://0.0.0.0:${service.port}`),
    ];
  }
  return [
    json(at, 'info', `starting ${service.name}`, { version, go: 'go1.24.3', pid: 1 }),
    json(at, 'info', 'connected to the database', { host: 'db-primary.dolthub.test', pool: 24 }),
    json(at, 'info', 'listening', { addr: `:${service.port}` }),
    json(at, 'info', 'warming the statistics cache in the background', {}),
  ];
}

export function warmLines(service: ServiceSpec, at: number): string[] {
  if (service.language === 'nextjs') return [];
  return [json(at, 'info', 'statistics cache is warm; serving metrics', { entries: 1842 })];
}

export function stopLines(service: ServiceSpec, at: number): string[] {
  const message = 'received SIGTERM, finishing requests in flight';
  return [service.language === 'nextjs' ? plain(at, 'info', message) : json(at, 'info', message, { grace: '30s' })];
}

export function goodbyeLines(service: ServiceSpec, at: number): string[] {
  return [service.language === 'nextjs' ? plain(at, 'info', 'bye') : json(at, 'info', 'stopped', { open_requests: 0 })];
}

/** The last words of a run that crashes, and its exit code: 2 for a Go panic, 1 for an uncaught error in Node. */
export function crash(service: ServiceSpec, seed: number): { lines: string[]; exitCode: number } {
  if (service.language === 'nextjs') {
    return {
      exitCode: 1,
      lines: [
        "TypeError: Cannot read properties of undefined (reading 'get')",
        '    at StatisticsCache.warm (/app/dist/stats/cache.js:88:31)',
        '    at StatisticsCache.start (/app/dist/stats/cache.js:41:10)',
        'Node.js v22.15.0',
      ],
    };
  }
  const address = (0xc000000000 + (seed % 0xffff) * 0x100).toString(16);
  const module = `${service.repository.owner}/${service.repository.name}`;
  return {
    exitCode: 2,
    lines: [
      'panic: runtime error: invalid memory address or nil pointer dereference',
      '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x9d2f04]',
      '',
      `goroutine ${20 + (seed % 40)} [running]:`,
      `github.com/${module}/stats.(*Cache).warm(0x0, {0x1a7b3c0, 0x${address}})`,
      '\t/src/stats/cache.go:88 +0x64',
      `created by github.com/${module}/stats.(*Cache).Start in goroutine 1`,
      '\t/src/stats/cache.go:41 +0x9c',
    ],
  };
}

function json(at: number, level: string, msg: string, more: Record<string, unknown>): string {
  return JSON.stringify({ time: new Date(at).toISOString(), level, msg, ...more });
}

function plain(at: number, level: string, msg: string): string {
  return `ts=${new Date(at).toISOString()} level=${level} msg="${msg}"`;
}
