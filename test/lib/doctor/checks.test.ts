import assert from 'node:assert/strict';
import { examine, failed, flawOf, ok, summed, warning, worst } from '../../../src/lib/doctor/check.ts';
import { asChecks, diagnosis } from '../../../src/lib/doctor/run-checks.ts';
import { checksView } from '../../../src/lib/doctor/view.ts';
import { type ErrorCode, interrupted, OncallError } from '../../../src/lib/errors.ts';
import { createPaint } from '../../../src/lib/text/paint.ts';

const paint = createPaint({ colour: false, ascii: false });
const refuse = (code: ErrorCode) => new OncallError('No.', { code, hint: 'Do this.' });

describe('one check of the doctor', () => {
  it('turns the error of a source into its own failure, with the remedy', async () => {
    const finding = await examine('GitHub', () => Promise.reject(refuse('AUTH')));
    assert.deepEqual(finding, { title: 'GitHub', outcome: 'failed', found: 'No.', remedy: 'Do this.', code: 'AUTH' });
  });

  it('gives up on a source that does not answer', async () => {
    const finding = await examine('Cluster', () => new Promise(() => {}), { patience: 5 });
    assert.equal(finding.outcome, 'failed');
    assert.equal(finding.code, 'UNAVAILABLE');
  });

  it('lets a Ctrl-C and a bug through', async () => {
    await assert.rejects(() => examine('X', () => Promise.reject(interrupted())), { code: 'INTERRUPTED' });
    await assert.rejects(() => examine('X', () => Promise.reject(new TypeError('bug'))), TypeError);
    await assert.rejects(() => flawOf('x', () => Promise.reject(interrupted())), { code: 'INTERRUPTED' });
  });
});

describe('several looks in one line', () => {
  const flaw = (subject: string, words: string, code: ErrorCode | null = null) => ({
    subject,
    words,
    remedy: `mend ${subject}`,
    code,
  });

  it('is well when nothing is flawed', () => {
    assert.deepEqual(summed([], 'all there'), ok('all there'));
  });

  it('says the same words once', () => {
    assert.equal(summed([flaw('api', 'gone'), flaw('web', 'gone')], '').found, 'api, web: gone');
    assert.equal(summed([flaw('api', 'gone'), flaw('web', 'red')], '').found, 'api: gone; web: red');
  });

  it('is a failure as soon as one is, and gives that one’s remedy', () => {
    const seen = summed([flaw('api', 'odd'), flaw('web', 'gone', 'NOT_FOUND')], '');
    assert.equal(seen.outcome, 'failed');
    assert.equal(seen.remedy, 'mend web');
  });

  it('is a warning when none is grave', () => {
    assert.deepEqual(summed([flaw('api', 'odd')], ''), warning('api: odd', 'mend api'));
  });
});

describe('the exit code of the doctor', () => {
  const table: [codes: (ErrorCode | null)[], worst: ErrorCode | null][] = [
    [[], null],
    [[null, null], null],
    [['NOT_FOUND'], 'FAILED'],
    [['FAILED', 'UNAVAILABLE'], 'UNAVAILABLE'],
    [['NOT_ENABLED', 'FAILED'], 'NOT_ENABLED'],
    [['UNAVAILABLE', 'AUTH', 'CONFIG'], 'AUTH'],
    [['CONFIG', 'RATE_LIMITED'], 'RATE_LIMITED'],
    [['CONFIG', 'NOT_FOUND'], 'CONFIG'],
  ];
  for (const [codes, expected] of table) {
    it(`is that of ${expected ?? 'success'} out of ${codes.join(', ') || 'nothing'}`, () => {
      assert.equal(worst(codes), expected);
    });
  }

  it('comes with the remedy of the check that decides it', () => {
    const error = diagnosis([
      { title: 'A', ...failed('x', 'mend a') },
      { title: 'B', ...ok('fine') },
      { title: 'C', ...failed('y', 'sign in', 'AUTH') },
    ]);
    assert.equal(error?.message, '2 of 3 checks failed: A, C.');
    assert.equal(error?.hint, 'sign in');
    assert.equal(error?.exitCode, 4);
  });

  it('is none when there are only warnings', () => {
    assert.equal(diagnosis([{ title: 'A', ...warning('x', null) }]), null);
  });
});

describe('what the doctor shows', () => {
  it('is one line a check, remedies indented, in a column', () => {
    const shown = checksView(
      asChecks([
        { title: 'AWS', ...ok('sam') },
        { title: 'GitHub', ...failed('no token', 'gh auth login', 'AUTH') },
        { title: 'Clock', outcome: 'skipped', found: 'not looked at', remedy: null, code: null },
      ]),
      { paint },
    );
    assert.equal(
      shown,
      [
        'Not ready for a page: 1 of 3 checks failed.',
        '✔ AWS     sam',
        '✖ GitHub  no token',
        '          → gh auth login',
        '- Clock   not looked at',
      ].join('\n'),
    );
  });

  it('lets nothing foreign steer the terminal', () => {
    const shown = checksView([{ title: 'A', outcome: 'ok', found: 'x\u001b[2Jy\u0007', remedy: null }], { paint });
    assert.doesNotMatch(shown, /[\u0007\u001b]/);
  });
});
