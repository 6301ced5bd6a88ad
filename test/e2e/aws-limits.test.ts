import assert from 'node:assert/strict';
import { accountState, loadModels } from '../conformance/account-state.ts';
import { type Model, type ModelOperation, SERVICES } from '../conformance/aws-model.ts';
import { type Limit, limitsOf } from '../conformance/model-limits.ts';
import { type Answer, sendRaw } from '../conformance/wire.ts';
import { startWorld, type TestWorld } from '../support/world.ts';

/**
 * Every limit of AWS's own model, read out of botocore, broken once: sent raw, since the stock clients refuse some by
 * themselves. botocore comes with the stock `aws`.
 */
describe('the limits of the AWS model', function () {
  this.timeout(300_000);
  let models: ReturnType<typeof loadModels>;
  let world: TestWorld;
  let endpoint: string;

  before(() => {
    models = loadModels();
  });
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
    endpoint = world.env.AWS_ENDPOINT_URL ?? '';
  });
  afterEach(() => world.close());

  /** The members that the service complains about. */
  function complaints({ body }: Answer): string[] {
    const message = String(body.message ?? body.Message);
    return [...message.matchAll(/ at '([^']+)' failed to satisfy constraint/g)].map(([, at]) => at ?? '');
  }

  function refusal(limit: Limit, answer: Answer): string[] {
    const where = `${limit.operation} ${limit.at} (${limit.kind})`;
    if (answer.status !== 400 || answer.error !== 'ValidationException') {
      return [`${where}: ${answer.status} ${answer.error} ${JSON.stringify(answer.body)}`];
    }
    const about = new Set(complaints(answer));
    return about.size === 1 && about.has(limit.at) ? [] : [`${where}: complains about ${[...about].join(', ')}`];
  }

  function* operations(): Generator<{ model: Model; operation: ModelOperation }> {
    for (const service of SERVICES) {
      const model = models[service];
      for (const operation of Object.values(model.operations)) yield { model, operation };
    }
  }

  it('are each refused by name, and what is refused changes nothing', async () => {
    let asked = 0;
    const wrong: string[] = [];
    const before = await accountState(endpoint, models);
    for (const target of operations()) {
      for (const limit of limitsOf(target.model, target.operation)) {
        asked += 1;
        wrong.push(...refusal(limit, await sendRaw(endpoint, target, limit.broken)));
      }
      assert.equal(await accountState(endpoint, models), before, `${target.operation.name} changed something`);
    }
    assert.deepEqual(wrong, []);
    process.stdout.write(`      ${asked} of ${asked} constraints refused\n`);
    assert.ok(asked > 800, `only ${asked} constraints were found`);
  });

  it('are no narrower than the model: what just keeps them is not complained about', async () => {
    let asked = 0;
    const wrong: string[] = [];
    for (const target of operations()) {
      for (const limit of limitsOf(target.model, target.operation)) {
        for (const kept of limit.kept) {
          asked += 1;
          const answer = await sendRaw(endpoint, target, kept);
          if (answer.status >= 500 || complaints(answer).length > 0 || answer.error === 'SerializationException') {
            wrong.push(`${limit.operation} ${limit.at} (${limit.kind}): ${JSON.stringify(answer.body).slice(0, 300)}`);
          }
        }
      }
    }
    assert.deepEqual(wrong, []);
    process.stdout.write(`      ${asked} of ${asked} values at the limit accepted\n`);
  });

  it('hold for types too: a value of another JSON type cannot be read', async () => {
    for (const target of operations()) {
      const { members = {} } = target.model.shapes[target.operation.input.shape] ?? {};
      for (const [name, { shape, location }] of Object.entries(members)) {
        if (location !== undefined) continue;
        const { type } = target.model.shapes[shape] ?? { type: '' };
        const answer = await sendRaw(endpoint, target, { [name]: type === 'string' ? { no: 'string' } : 'of no use' });
        const shown = `${target.operation.name}.${name}: ${JSON.stringify(answer.body)}`;
        assert.deepEqual([answer.status, answer.error], [400, 'SerializationException'], shown);
      }
    }
  });
});
