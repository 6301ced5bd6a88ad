import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { commandFiles, commandMetadata, ROOT, VERSION } from './registry.ts';

/**
 * Bundles the program into `dist/`: CommonJS (it starts 5 to 7 ms faster than ESM on Node 20), split so that a command
 * and an SDK are read only when they are used. The figures are in `docs/decisions/0001`.
 */
const ENTRY = 'virtual:entry';

async function entrySource(): Promise<string> {
  const [files, metadata] = await Promise.all([commandFiles(), commandMetadata()]);
  const commands = Object.entries(files).map(
    ([id, file]) =>
      `${JSON.stringify(id)}: { metadata: ${JSON.stringify(metadata[id])}, load: () => import(${JSON.stringify(file)}) }`,
  );
  return `
    import { main } from ${JSON.stringify(join(ROOT, 'src/lib/cli/main.ts'))};
    const registry = { version: ${JSON.stringify(VERSION)}, commands: { ${commands.join(',\n')} } };
    export const start = (options) => main(registry, options);
  `;
}

function virtualEntry(source: string): Plugin {
  return {
    name: 'oncall-entry',
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) => (id === ENTRY ? source : null),
  };
}

/**
 * client-node's HTTP layer wants `URL` from a package that needs Node's deprecated punycode, which Node 22 and 24 remark
 * upon at every start. Node has had that very class itself since version 10.
 */
function nodesOwnUrl(): Plugin {
  const id = 'virtual:whatwg-url';
  return {
    name: 'oncall-url',
    resolveId: (source) => (source === 'whatwg-url' ? id : null),
    load: (source) => (source === id ? 'export const URL = globalThis.URL; export default { URL };' : null),
  };
}

/** oclif reads tsconfig files through `typescript` where it is installed; bundlers would take in all 9.7 MB of it. */
const EXTERNAL = ['typescript', /^ts-node/, /^tsx/];

const out = join(ROOT, 'dist');
await rm(out, { recursive: true, force: true });
const bundle = await rolldown({
  input: { oncall: ENTRY },
  platform: 'node',
  external: EXTERNAL,
  plugins: [virtualEntry(await entrySource()), nodesOwnUrl()],
  resolve: { mainFields: ['module', 'main'] },
  onLog: (level, log, report) => {
    if (level === 'warn' && (log.code === 'EVAL' || log.code === 'CIRCULAR_DEPENDENCY')) return;
    report(level, log);
  },
});
await bundle.write({
  dir: out,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  minify: true,
  dynamicImportInCjs: false,
});
await bundle.close();
