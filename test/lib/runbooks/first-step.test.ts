import assert from 'node:assert/strict';
import { firstStep } from '../../../src/lib/runbooks/first-step.ts';

describe('the first step of a runbook', () => {
  it('is the first item of the first list, with its stage and its commands', () => {
    const text =
      '# API down\n\nSome words.\n\n## Triage\n\n1. Is it **real**? `oncall graph api` shows it,\n   and more.\n2. Tell them.\n';
    assert.deepEqual(firstStep(text), {
      stage: 'Triage',
      text: 'Is it real? oncall graph api shows it, and more.',
      commands: ['oncall graph api'],
    });
  });

  it('needs no headings', () => {
    assert.deepEqual(firstStep('- look\n- act'), { stage: null, text: 'look', commands: [] });
  });

  it('is nothing where there is no list', () => {
    assert.equal(firstStep('# Only a title'), null);
    assert.equal(firstStep(''), null);
  });
});
