import assert from 'node:assert/strict';
import { openAccount } from '../conformance/account.ts';
import { loadModels } from '../conformance/account-state.ts';
import { documentedBehaviours } from '../conformance/behaviours.ts';
import { play } from '../conformance/check.ts';
import { runConformance } from '../conformance/run.ts';
import { ALL_CHECKS } from '../conformance/runner.ts';
import { startPassingProxy } from '../support/passing-proxy.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/** The checks that `npm run conformance` plays in a real account, here against the practice world alone. */
describe('npm run conformance', function () {
  this.timeout(120_000);
  let world: TestWorld;
  let endpoint: string;

  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
    endpoint = world.env.AWS_ENDPOINT_URL ?? '';
  });
  afterEach(() => world.close());

  async function run(...argv: string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const code = await runConformance(argv, (more) => {
      text += more;
    });
    return { code, text };
  }

  it('looks only at behaviours that are documented', () => {
    const documented = documentedBehaviours();
    assert.ok(documented.size > 50);
    const unknown = ALL_CHECKS.flatMap(({ about }) => about).filter((id) => !documented.has(id));
    assert.deepEqual(unknown, []);
  });

  it('expects of each check what the practice world does', async () => {
    const account = await openAccount(loadModels(), { endpoint, region: 'us-west-2' });
    for (const [i, check] of ALL_CHECKS.entries()) {
      world.sandbox.world.incidentManager.setEnabled(!check.neverEnabled);
      const played = await play(check, account, { prefix: `check-${i}`, pageable: 'sam', now: Date.now });
      const outcomes = played.map(({ answer }) => answer.error ?? 'ok');
      const wanted = check.steps.map(({ expect }) => expect);
      assert.deepEqual(outcomes, wanted, `${check.about.join()} ${JSON.stringify(played.at(-1))}`);
    }
  });

  it('finds no difference between two practice worlds, and leaves nothing behind', async () => {
    const { code, text } = await run('--endpoint', endpoint, '--write', '--page-contact', 'mei');
    assert.match(text, /\d+ behaviours, 0 different/);
    assert.doesNotMatch(text, /could be taken away/);
    assert.equal(code, 0, text);
    const { contacts, plans, rotations } = world.sandbox.world.incidentManager;
    const names = [...contacts.list().map(({ alias }) => alias), ...plans.list().map(({ name }) => name)];
    assert.deepEqual(
      names.filter((name) => name.includes('conformance')),
      [],
    );
    assert.deepEqual(
      rotations.list().filter(({ name }) => name.includes('conformance')),
      [],
    );
  });

  it('only reads, unless it is told otherwise', async () => {
    world.forget();
    const { code } = await run('--endpoint', endpoint);
    assert.equal(code, 0);
    const asked = [...world.received('ssm-contacts'), ...world.received('ssm-incidents')];
    const writes = asked.map(({ operation }) => operation ?? '').filter((name) => !/^(List|Get|Describe)/.test(name));
    assert.ok(asked.length > 40, `${asked.length} requests`);
    assert.deepEqual(writes, []);
  });

  it('reports an answer that is another than ours, by its behaviour, and nothing that the account holds', async () => {
    const altered = await startPassingProxy(endpoint, ({ headers, answer }) => {
      if (!headers['x-amz-target']?.endsWith('.GetContact') || answer.status !== 200) return answer.body;
      const { Alias, Plan: _plan, ...rest } = JSON.parse(answer.body) as Record<string, unknown>;
      return JSON.stringify({ ...rest, Alias: [Alias] });
    });
    const { code, text } = await run('--endpoint', altered.url).finally(() => altered.close());
    assert.equal(code, 1);
    assert.match(text, /^wire-shapes +M +\d+ +different\n +GetContact: Alias: list there, string here$/m);
    assert.match(text, /^ +GetContact: Plan: only here$/m);
    assert.match(text, /1 different/);
    assert.doesNotMatch(text, /\bsam\b|\bmei\b|dolthub|arn:|000000000000/);
  });

  it('reports another error, and an account that never had Incident Manager', async () => {
    const altered = await startPassingProxy(endpoint, ({ path, answer }) => {
      if (path !== '/listTimelineEvents' || answer.status !== 200) return answer.body;
      return answer.body.replace(/"eventId":"[^"]*"/g, '"eventId":7');
    });
    const wrong = await run('--endpoint', altered.url).finally(() => altered.close());
    assert.match(wrong.text, /ListTimelineEvents: eventSummaries\[\]\.eventId: number there, string here/);
    world.sandbox.world.incidentManager.setEnabled(false);
    const never = await run('--endpoint', endpoint, '--write');
    assert.match(never.text, /no replication set[\s\S]+never-enabled .* same/);
    assert.equal(never.code, 0);
  });

  it('says how it is used', async () => {
    for (const argv of [[], ['--profile', 'a', '--endpoint', 'b'], ['--nonsense']]) {
      const { code, text } = await run(...argv);
      assert.equal(code, 2);
      assert.match(text, /npm run conformance -- --profile NAME/);
    }
  });
});
