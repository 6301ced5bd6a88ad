import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { loadModels } from '../conformance/account-state.ts';
import type { Service } from '../conformance/aws-model.ts';
import { misfits } from '../conformance/model-fit.ts';
import { answerOf } from '../conformance/wire.ts';
import { startPassingProxy } from './passing-proxy.ts';

type Members = Record<string, unknown>;

/** The stock `aws` of this machine, pointed at an endpoint; each of its answers is held against AWS's own model. */
export interface StockAws {
  /** The output of an operation. Fails unless what came over the wire and what was printed fit the model. */
  call<T = Members>(service: Service, operation: string, input?: Members): Promise<T>;
  /** The error that an operation must end in: its name, and the members that came over the wire. */
  refused(service: Service, operation: string, input: Members): Promise<{ error: string; body: Members }>;
  /** The operations that have been answered and fit, as `service.Operation`. */
  answered: Set<string>;
  /** Every operation that the models know, written the same way. */
  known: string[];
  close(): Promise<void>;
}

/** `ListTagsForResource` is `list-tags-for-resource` on the command line. */
function commandOf(operation: string): string {
  return operation.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
}

interface Printed {
  failed: boolean;
  stdout: string;
  stderr: string;
}

/** @param env what `oncall sandbox env` sets; the endpoint in it is replaced by a proxy that keeps what goes by. */
export async function stockAws(env: Readonly<Record<string, string>>): Promise<StockAws> {
  const models = loadModels();
  const proxy = await startPassingProxy(env.AWS_ENDPOINT_URL ?? '');
  const answered = new Set<string>();

  function run(service: Service, operation: string, input: Members): Promise<Printed> {
    const json = ['--cli-input-json', JSON.stringify(input)];
    const args = [service, commandOf(operation), '--no-paginate', '--output', 'json', ...json];
    const all = { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', ...env, AWS_ENDPOINT_URL: proxy.url };
    return new Promise((resolve) => {
      execFile('aws', args, { env: all, maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
        resolve({ failed: error !== null, stdout, stderr }),
      );
    });
  }

  function lastAnswer() {
    const last = proxy.passed.at(-1);
    assert.ok(last, 'nothing was sent');
    return answerOf(last.answer.status, last.answer.headers['x-amzn-errortype'], last.answer.body);
  }

  function mustFit(service: Service, shape: string | undefined, printed: string): Members {
    const { body } = lastAnswer();
    const output = (printed.trim() === '' ? {} : JSON.parse(printed)) as Members;
    if (shape === undefined) {
      assert.deepEqual([body, output], [{}, {}]);
      return output;
    }
    assert.deepEqual(misfits(models[service], shape, body), [], JSON.stringify(body));
    assert.deepEqual(misfits(models[service], shape, output, { printed: true }), [], printed);
    return output;
  }

  return {
    answered,
    known: Object.values(models).flatMap(({ service, operations }) =>
      Object.keys(operations).map((name) => `${service}.${name}`),
    ),
    async call<T>(service: Service, operation: string, input: Members = {}) {
      const { failed, stdout, stderr } = await run(service, operation, input);
      assert.ok(!failed, `${operation}: ${stderr}`);
      const { output, http } = models[service].operations[operation] ?? assert.fail(`no operation ${operation}`);
      assert.equal(lastAnswer().status, http.responseCode ?? 200, operation);
      const printed = mustFit(service, output?.shape, stdout);
      answered.add(`${service}.${operation}`);
      return printed as T;
    },
    async refused(service, operation, input) {
      const { failed, stderr } = await run(service, operation, input);
      assert.ok(failed, `${operation} was not refused`);
      const error = /An error occurred \((\w+)\)/.exec(stderr)?.[1] ?? stderr;
      const { errors } = models[service].operations[operation] ?? assert.fail(`no operation ${operation}`);
      const { status, body } = lastAnswer();
      const shape = models[service].shapes[error] as { error?: { httpStatusCode?: number } } | undefined;
      assert.ok(
        errors.some((one) => one.shape === error),
        `${error} is no error of ${operation}: ${stderr}`,
      );
      assert.equal(status, shape?.error?.httpStatusCode ?? 400);
      const { __type: _type, ...members } = body;
      assert.deepEqual(misfits(models[service], error, members), [], JSON.stringify(body));
      return { error, body };
    },
    close: () => proxy.close(),
  };
}
