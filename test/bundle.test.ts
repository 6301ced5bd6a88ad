import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandFiles, ROOT } from '../bin/registry.ts';

const DIST = join(ROOT, 'dist');
/** Words that only these SDKs contain, so that a chunk that holds one is known. */
const HEAVY: Record<string, RegExp> = {
  'ssm-incidents': /ssm-incidents\.[^"']*amazonaws|SSMIncidentsServiceException/,
  kubernetes: /V1PodSpec|kubernetes-client/,
  octokit: /octokit-core\.js|@octokit\/core/,
  inquirer: /ExitPromptError/,
};

/** Chunks that are read as soon as `entry` is: `require` at the top of a file, not inside a function. */
function reached(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(join(DIST, entry), 'utf8');
  for (const match of text.matchAll(/(?:const|let|var|,)\s*[\w$]+\s*=\s*require\(["'`]\.\/([^"'`]+)["'`]\)/g))
    if (match[1]) reached(match[1], seen);
  for (const match of text.matchAll(/^require\(["'`]\.\/([^"'`]+)["'`]\)/gm)) if (match[1]) reached(match[1], seen);
  return seen;
}

describe('the bundle', () => {
  it('starts without any SDK', () => {
    const chunks = [...reached('oncall.cjs')];
    const text = chunks.map((chunk) => readFileSync(join(DIST, chunk), 'utf8')).join('\n');
    for (const [name, mark] of Object.entries(HEAVY)) assert.doesNotMatch(text, mark, `${name} is read at start`);
    const size = Buffer.byteLength(text);
    assert.ok(size < 600_000, `${size} bytes are read at start: ${chunks.join(', ')}`);
  });

  it('holds those SDKs, in chunks of their own', () => {
    const all = readdirSync(DIST)
      .map((file) => readFileSync(join(DIST, file), 'utf8'))
      .join('\n');
    for (const [name, mark] of Object.entries(HEAVY))
      assert.match(all, mark, `${name} is not recognised any more: mend the mark`);
  });

  it('runs every command as far as its help', async function () {
    this.timeout(120_000);
    const ids = Object.keys(await commandFiles());
    assert.ok(ids.length >= 25);
    for (const id of ids) {
      const help = execFileSync(process.execPath, [join(ROOT, 'bin/run.js'), ...id.split(':'), '--help'], {
        encoding: 'utf8',
      });
      assert.match(help, new RegExp(`\\$ oncall ${id.replaceAll(':', ' ')}`), id);
      assert.match(help, /EXIT CODES/, id);
    }
  });
});
