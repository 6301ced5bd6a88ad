import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SRC = join(ROOT, 'src');

/** The table of `docs/architecture.md`. `~x` allows only types of x; `x:lazily` allows only `import()` of its values. */
interface Place {
  may: string[];
  packages: string[];
}
const PURE = ['temporal-polyfill', 'marked', 'yaml'];
const LEAF = { may: ['~cli', 'paging', 'schedules', '~clients', '~config', 'store', 'text', 'errors'], packages: PURE };
const PLACES: Record<string, Place> = {
  commands: { may: ['cli', 'rooms', '~clients', '~config', 'text', 'errors'], packages: ['@oclif/core'] },
  cli: { may: ['clients:lazily', 'config', 'store', 'text', 'errors'], packages: ['@oclif/core', 'inquirer'] },
  incidents: LEAF,
  metrics: LEAF,
  deploys: LEAF,
  logs: LEAF,
  runbooks: LEAF,
  chat: LEAF,
  kubectl: LEAF,
  paging: { may: [], packages: PURE },
  schedules: { may: ['errors'], packages: PURE },
  briefing: { ...LEAF, may: [...LEAF.may, 'leaf'] },
  recovery: { ...LEAF, may: [...LEAF.may, 'leaf'] },
  doctor: { ...LEAF, may: [...LEAF.may, 'leaf'] },
  discovery: { ...LEAF, may: [...LEAF.may, 'leaf'] },
  drills: { ...LEAF, may: [...LEAF.may, 'leaf', 'sandbox'] },
  clients: {
    may: ['~config', 'text', 'errors'],
    packages: ['@aws-sdk/*', '@smithy/*', '@octokit/*', '@kubernetes/client-node'],
  },
  config: { may: ['text', 'errors'], packages: ['zod', 'yaml'] },
  store: { may: ['~config', 'errors'], packages: ['proper-lockfile', 'write-file-atomic'] },
  text: { may: ['errors'], packages: ['chalk', 'cli-table3', 'string-width', 'fastest-levenshtein'] },
  errors: { may: [], packages: [] },
  sandbox: {
    may: ['paging', 'schedules', '~config', 'errors', 'store'],
    packages: ['yaml', 'selfsigned', '@prometheus-io/lezer-promql', '@lezer/*'],
  },
};
const LEAVES = ['incidents', 'metrics', 'deploys', 'logs', 'runbooks', 'chat', 'kubectl', 'paging', 'schedules'];
const ROOMS = [...LEAVES, 'briefing', 'recovery', 'doctor', 'discovery', 'drills'];
/** Commands that are about the practice world may use it. */
const PRACTICE = /^commands\/(sandbox|drill|onboard)\//;
const BANNED: [RegExp, (file: string) => boolean, string][] = [
  [/\bprocess\.exit\b(?!Code)/, () => false, 'process.exit'],
  [/\bthis\.exit\(/, () => false, 'this.exit'],
  [/\bconsole\.(log|error|warn|info|debug|table|trace)\b/, () => false, 'console'],
  [/\bprocess\.env\b/, (file) => file.startsWith('lib/config/'), 'process.env outside config'],
  [/\bprocess\.std(in|out|err)\b/, (file) => file === 'lib/cli/terminal.ts', 'process.std* outside cli/terminal.ts'],
  [/node:child_process/, (file) => file === 'lib/clients/processes.ts', 'child_process outside clients/processes.ts'],
  [/from 'chalk'/, (file) => file === 'lib/text/paint.ts', 'chalk outside text/paint.ts'],
  [/'inquirer'/, (file) => file === 'lib/cli/prompts.ts', 'inquirer outside cli/prompts.ts'],
];
const DRAWERS = /(^|\/)(utils?|helpers?|common|shared|misc|core|services|managers?|index)(\/|\.ts$)/;

interface Import {
  target: string;
  typesOnly: boolean;
  lazy: boolean;
}

function sources(directory = SRC): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => relative(SRC, join(directory, file)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?([^'";]*?\bfrom\s+)?'([^']+)'/gm)) {
    const names = /\{([^}]*)\}/
      .exec(match[2] ?? '')?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const eachIsType = Boolean(names?.length && names.every((name) => name.startsWith('type ')));
    found.push({ target: match[3] ?? '', typesOnly: Boolean(match[1]) || eachIsType, lazy: false });
  }
  for (const match of text.matchAll(/\bimport\('([^']+)'\)/g))
    found.push({ target: match[1] ?? '', typesOnly: false, lazy: true });
  return found;
}

function placeOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'commands') return 'commands';
  return (parts[1] ?? '').replace(/\.ts$/, '');
}

function allows(from: string, file: string, to: string, used: Import): boolean {
  if (from === to) return true;
  if (from === 'commands' && to === 'sandbox') return PRACTICE.test(file);
  const { may } = PLACES[from] as Place;
  return may.some((rule) => {
    const [name = '', lazily] = rule.replace('~', '').split(':');
    const covers = name === to || (name === 'rooms' && ROOMS.includes(to)) || (name === 'leaf' && LEAVES.includes(to));
    if (!covers) return false;
    if (rule.startsWith('~')) return used.typesOnly;
    return lazily ? used.lazy || used.typesOnly : true;
  });
}

describe('the architecture', () => {
  const files = sources();

  it('sees the sources', () => {
    assert.ok(files.length > 50, `only ${files.length} files found`);
  });

  it('places every folder', () => {
    const unplaced = [...new Set(files.map(placeOf))].filter((place) => !(place in PLACES));
    assert.deepEqual(unplaced, []);
  });

  it('has no broken arrow', () => {
    const broken: string[] = [];
    for (const file of files) {
      const from = placeOf(file);
      for (const used of importsOf(file)) {
        if (used.target.startsWith('.')) {
          const to = placeOf(relative(SRC, resolve(SRC, dirname(file), used.target)));
          if (!allows(from, file, to, used)) broken.push(`${file} → ${used.target}${used.typesOnly ? ' (types)' : ''}`);
        } else if (!used.target.startsWith('node:')) {
          assert.ok(!builtinModules.includes(used.target), `${file}: write node:${used.target}`);
          const allowed = PLACES[from]?.packages.some(
            (name) => used.target === name || used.target.startsWith(name.replace(/\*$/, '').replace(/([^/])$/, '$1/')),
          );
          if (!allowed && !used.typesOnly) broken.push(`${file} → package ${used.target}`);
        }
      }
    }
    assert.deepEqual(broken, []);
  });

  it('uses nothing that is banned', () => {
    const uses: string[] = [];
    for (const file of files) {
      const code = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
      for (const [pattern, excepted, what] of BANNED)
        if (pattern.test(code) && !excepted(file)) uses.push(`${file}: ${what}`);
    }
    assert.deepEqual(uses, []);
  });

  it('has no drawer and no barrel', () => {
    assert.deepEqual(
      files.filter((file) => DRAWERS.test(file)),
      [],
    );
    const barrels = files.filter((file) => /^export (\*|\{[^}]*\}) from/m.test(readFileSync(join(SRC, file), 'utf8')));
    assert.deepEqual(barrels, []);
  });

  it('keeps to its sizes', () => {
    const lines = (file: string) => readFileSync(join(SRC, file), 'utf8').trimEnd().split('\n').length;
    const long = files
      .filter((file) => lines(file) > (file.startsWith('commands/') ? 120 : 250))
      .map((file) => `${file}: ${lines(file)}`);
    assert.deepEqual(long, []);
  });

  it('keeps the right answers of tests apart from the arithmetic they check', () => {
    const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter(
      // The rooms' own unit tests call them, and say what is right in so many words.
      (file) => file.endsWith('.ts') && !/^lib\/(paging|schedules)\//.test(file),
    );
    assert.ok(tests.some((file) => /oracle/.test(file)));
    const reading = /(from|import\()\s*'[^']*lib\/(paging|schedules)\//;
    const borrowed = tests.filter((file) => reading.test(readFileSync(join(ROOT, 'test', file), 'utf8')));
    assert.deepEqual(borrowed, []);
  });
});
