import assert from 'node:assert/strict';
import { holdGate, takesOverride } from '../../../src/lib/deploys/hold-gate.ts';
import { SERVICES } from '../../../src/lib/sandbox/world/catalog.ts';
import {
  DEPLOY_WORKFLOW,
  REVERT_WORKFLOW,
  repositoryFiles,
} from '../../../src/lib/sandbox/world/repositories/workflow-files.ts';

const DEPLOY = 'run: kubectl set image deployment/api api=registry.test/api:1';

/** `@{{` stands for `$` and `{{`, so that nobody takes an expression for one of TypeScript's. */
const gateOf = (text: string) => holdGate(text.replaceAll('@{{', '\u0024{{'), 'DEPLOY_HOLD');

/** A workflow of one job `ship`, whose steps and head are given. */
function ship(steps: string[], head = ''): string {
  const lines = steps.map((step) => `      - ${step.replaceAll('\n', '\n        ')}`);
  return `on: workflow_dispatch\njobs:\n  ship:\n    runs-on: ubuntu-latest\n${head ? `    ${head}\n` : ''}    steps:\n${lines.join('\n')}\n`;
}

const gated = (condition: string) => ship([DEPLOY], `if: ${condition}`);
const script = (text: string) =>
  ship([`run: |\n  ${text.replaceAll('\n', '\n  ')}`, DEPLOY], 'env: {HOLD: "@{{ vars.DEPLOY_HOLD }}"}');

describe('whether a deploy workflow stops while the hold is set', () => {
  const cases: [what: string, text: string, stops: boolean | null][] = [
    ['a job that asks for an empty variable', gated("vars.DEPLOY_HOLD == ''"), true],
    ['the same as an expression', gated("@{{ vars.DEPLOY_HOLD == '' }}"), true],
    ['by its name in brackets, in another case', gated("vars['deploy_hold'] == ''"), true],
    ['a negation', gated("'@{{ !vars.DEPLOY_HOLD }}'"), true],
    ['one condition among others', gated("github.ref == 'refs/heads/main' && vars.DEPLOY_HOLD == ''"), true],
    ['one of two ways in', gated("github.actor == 'bot' || vars.DEPLOY_HOLD == ''"), false],
    ['a branch only', gated("github.ref == 'refs/heads/main'"), false],
    [
      'a gate that not every run comes to',
      ship(["if: inputs.careful && vars.DEPLOY_HOLD != ''\nrun: exit 1", DEPLOY]),
      null,
    ],
    ['a step that fails for another reason', ship(["if: vars.ROLE == ''\nrun: exit 1", DEPLOY]), false],
    [
      'what a step has found out',
      ship(['id: hold\nrun: ./read-hold', `if: steps.hold.outputs.held != 'yes'\n${DEPLOY}`]),
      null,
    ],
    ['a function of the hold', gated("contains(vars.DEPLOY_HOLD, 'x')"), null],
    ['a way in that is always open', gated("always() || vars.DEPLOY_HOLD == ''"), false],
    ['the wrong way round', gated("vars.DEPLOY_HOLD != ''"), false],
    ['another value than the one that a hold has', gated("vars.DEPLOY_HOLD != 'true'"), false],
    ['another variable', gated("vars.DEPLOY_HOLDER == ''"), false],
    ['text beside the expression, which is always true', gated('"@{{ vars.DEPLOY_HOLD == \'\' }} && true"'), false],
    ['an override by an input', gated("vars.DEPLOY_HOLD == '' || inputs.override_hold == 'yes'"), true],
    ['nothing at all', ship([DEPLOY]), false],
    ['a comment', ship(['run: |\n  # stop when vars.DEPLOY_HOLD is set\n  true', DEPLOY]), false],
    ['an echo', ship(['run: echo "hold is @{{ vars.DEPLOY_HOLD }}"', DEPLOY]), false],
    [
      'a step that fails when it is set',
      ship(["if: vars.DEPLOY_HOLD != ''\nrun: |\n  echo held\n  exit 1", DEPLOY]),
      true,
    ],
    [
      'a step that fails, and may',
      ship(["if: vars.DEPLOY_HOLD != ''\ncontinue-on-error: true\nrun: exit 1", DEPLOY]),
      false,
    ],
    ['a step that fails too late', ship([DEPLOY, "if: vars.DEPLOY_HOLD != ''\nrun: exit 1"]), false],
    [
      'a deploy that runs after any failure',
      ship(["if: vars.DEPLOY_HOLD != ''\nrun: exit 1", `if: always()\n${DEPLOY}`]),
      false,
    ],
    ['a step of its own condition', ship([`if: vars.DEPLOY_HOLD == ''\n${DEPLOY}`]), true],
    [
      'a step that looks at an environment variable',
      ship([`if: env.HOLD == ''\n${DEPLOY}`], 'env: {HOLD: "@{{ vars.DEPLOY_HOLD }}"}'),
      true,
    ],
    ['if … then exit', script('if [ -n "$HOLD" ]; then\n  echo "held: $HOLD"\n  exit 1\nfi'), true],
    ['test && exit', script('[[ -n $HOLD ]] && exit 1'), true],
    ['test || exit', script('[ -z "$HOLD" ] || { echo held; exit 1; }'), true],
    ['the expression in the script', script('if [ "@{{ vars.DEPLOY_HOLD }}" != "" ]; then exit 1; fi'), true],
    ['if … then only words', script('if [ -n "$HOLD" ]; then\n  echo "held: $HOLD"\nfi'), false],
    ['a script that cannot be read', script('case "$HOLD" in ?*) exit 1;; esac'), null],
    ['exit 0 before', script('exit 0\nexit 1'), false],
    ['no step that is known to deploy', ship(['run: make ship']), null],
    [
      'no step that is known to deploy, all of it behind the gate',
      ship(['run: make ship'], "if: vars.DEPLOY_HOLD == ''"),
      true,
    ],
    ['a reading kubectl only', ship(['run: kubectl get pods', `if: vars.DEPLOY_HOLD == ''\n${DEPLOY}`]), true],
    ['an action that deploys', ship(['uses: azure/k8s-deploy@v5']), false],
    [
      'an action that only signs in',
      ship(['uses: azure/k8s-set-context@v4', `if: vars.DEPLOY_HOLD == ''\n${DEPLOY}`]),
      true,
    ],
    ['another workflow', 'jobs:\n  ship:\n    uses: ./.github/workflows/ship.yml\n', null],
    [
      'another workflow behind the gate',
      "jobs:\n  ship:\n    if: vars.DEPLOY_HOLD == ''\n    uses: ./.github/workflows/ship.yml\n",
      true,
    ],
    ['no YAML', 'jobs: [', null],
  ];
  for (const [what, text, stops] of cases) {
    it(`${what}: ${stops}`, () => {
      const gate = gateOf(text);
      assert.equal(gate.stops, stops, gate.why);
      assert.equal(gate.why === '', stops === true);
    });
  }

  const chain = (gate: string, more = '') =>
    `jobs:\n  hold:\n    runs-on: x\n    ${gate}\n  build:\n    runs-on: x\n    steps: [{run: make}]\n  ship:\n    needs: [hold, build]\n    runs-on: x\n    ${more}\n    steps:\n      - ${DEPLOY}\n`;
  const fails = 'steps: [{if: "vars.DEPLOY_HOLD != \'\'", run: exit 1}]';
  it('follows what a job needs: a gate before it is enough', () => {
    assert.equal(gateOf(chain(fails)).stops, true);
    assert.equal(gateOf(chain("if: vars.DEPLOY_HOLD == ''\n    steps: [{run: make}]")).stops, true);
  });
  it('names the job that goes on although the gate failed', () => {
    const gate = gateOf(chain(fails, 'if: @{{ !cancelled() }}'));
    assert.deepEqual(gate, { stops: false, job: 'ship', why: 'job ship deploys without asking for DEPLOY_HOLD' });
  });
  it('names the one job of several that does not ask', () => {
    const two = `${gated("vars.DEPLOY_HOLD == ''")}  canary:\n    runs-on: x\n    steps:\n      - ${DEPLOY}\n`;
    assert.equal(gateOf(two).job, 'canary');
  });

  it('judges the workflows of the practice world as they behave', () => {
    const [service] = SERVICES;
    assert.ok(service);
    const files = repositoryFiles(service, { approval: false });
    assert.equal(holdGate(files.get(DEPLOY_WORKFLOW) ?? '', 'DEPLOY_HOLD').stops, true);
    assert.equal(holdGate(files.get(REVERT_WORKFLOW) ?? '', 'DEPLOY_HOLD').stops, false);
    assert.equal(takesOverride(files.get(DEPLOY_WORKFLOW) ?? ''), true);
    assert.equal(takesOverride(files.get(REVERT_WORKFLOW) ?? ''), false);
  });
});
