import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { ROOT } from '../bin/registry.ts';

describe('the public surface', () => {
  it('is what test/surface.json and the generated pages say; `npm run docs` writes them anew', function () {
    this.timeout(60_000);
    // The generator compares every command, argument, flag, alias and exit code; what it prints names the file that differs.
    assert.doesNotThrow(() =>
      execFileSync(process.execPath, ['--import', 'tsx', 'bin/docs.ts', '--check'], { cwd: ROOT, stdio: 'pipe' }),
    );
  });
});
