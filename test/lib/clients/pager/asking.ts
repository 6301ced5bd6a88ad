import assert from 'node:assert/strict';
import { connectIncidentManager } from '../../../../src/lib/clients/pager/incident-manager/connect.ts';
import type { Pager } from '../../../../src/lib/clients/pager/pager.ts';
import { OncallError } from '../../../../src/lib/errors.ts';
import { OLD_RECORD, RECORD, ScriptedAws, STARTED, summary } from './scripted-aws.ts';

/** A pager and the scripted AWS behind it, fresh for every test. Two incidents exist: one open, one resolved. */
export interface Asked {
  aws: ScriptedAws;
  pager: Pager;
  /** What arrived for one operation, in order. */
  inputsOf(operation: string): Record<string, unknown>[];
}

/** The status that a list of incidents is filtered by. */
function wanted(input: Record<string, unknown>): string | undefined {
  const filters = (input['filters'] ?? []) as { key: string; condition: { equals?: { stringValues: string[] } } }[];
  return filters.find(({ key }) => key === 'status')?.condition.equals?.stringValues[0];
}

/** Call it inside a `describe`: it sets up and clears away around each test. */
export function asking(): Asked {
  const asked = {
    inputsOf: (operation: string) =>
      asked.aws.arrived.filter((one) => one.operation === operation).map(({ input }) => input),
  } as Asked;
  beforeEach(async () => {
    asked.aws = await ScriptedAws.start({
      ListIncidentRecords: (input) => ({
        body: {
          incidentRecordSummaries: [summary(RECORD, 'OPEN'), summary(OLD_RECORD, 'RESOLVED', STARTED - 90_000)].filter(
            ({ status }) => (wanted(input) ?? status) === status,
          ),
        },
      }),
    });
    const signal = new AbortController().signal;
    asked.pager = connectIncidentManager({ settings: asked.aws.settings(), signal, deadline: 1500 });
  });
  afterEach(() => asked.aws.stop());
  return asked;
}

/** The OncallError that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<OncallError> {
  const error = await promise.then(
    () => assert.fail('did not fail'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof OncallError, `not an OncallError: ${String(error)}`);
  return error;
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await failure(promise)).code;
}
