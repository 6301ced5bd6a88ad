import { loadModel, type Model, type Service } from './aws-model.ts';
import { sendRaw } from './wire.ts';

type Item = Record<string, unknown>;

/**
 * Everything that an account's read operations tell about it, as text to compare: who and what is there, and each with
 * all that belongs to it.
 */
export async function accountState(endpoint: string, models: Record<Service, Model>): Promise<string> {
  async function ask(service: Service, name: string, input: Item, of?: string): Promise<Item[]> {
    const model = models[service];
    const operation = model.operations[name];
    if (!operation) throw new Error(`${service} has no operation ${name}`);
    const { error, body } = await sendRaw(endpoint, { model, operation }, input);
    if (error) throw new Error(`${name}: ${error}`);
    return of ? (body[of] as Item[]) : [body];
  }
  const contacts = (name: string, input: Item, of?: string) => ask('ssm-contacts', name, input, of);
  const incidents = (name: string, input: Item, of?: string) => ask('ssm-incidents', name, input, of);
  const state: unknown[] = [];

  for (const { ContactArn } of await contacts('ListContacts', { MaxResults: 1000 }, 'Contacts')) {
    const one = { ContactId: ContactArn };
    state.push(await contacts('GetContact', one), await contacts('GetContactPolicy', { ContactArn }));
    state.push(await contacts('ListTagsForResource', { ResourceARN: ContactArn }));
    state.push(await contacts('ListPagesByContact', { ...one, MaxResults: 1000 }, 'Pages'));
    state.push(await contacts('ListContactChannels', one));
  }
  for (const { RotationArn } of await contacts('ListRotations', {}, 'Rotations')) {
    const span = { StartTime: 1_500_000_000, EndTime: 2_500_000_000 };
    state.push(await contacts('GetRotation', { RotationId: RotationArn }));
    state.push(await contacts('ListRotationOverrides', { RotationId: RotationArn, ...span }));
  }
  state.push(await contacts('ListEngagements', { MaxResults: 1000 }));
  for (const { arn } of await incidents('ListResponsePlans', { maxResults: 100 }, 'responsePlanSummaries')) {
    state.push(
      await incidents('GetResponsePlan', { arn }),
      await incidents('ListTagsForResource', { resourceArn: arn }),
    );
    state.push(await incidents('GetResourcePolicies', { resourceArn: arn }));
  }
  for (const { arn } of await incidents('ListIncidentRecords', { maxResults: 100 }, 'incidentRecordSummaries')) {
    state.push(
      await incidents('GetIncidentRecord', { arn }),
      await incidents('ListRelatedItems', { incidentRecordArn: arn }),
    );
    state.push(await incidents('ListTimelineEvents', { incidentRecordArn: arn, maxResults: 100 }));
  }
  const [sets] = await incidents('ListReplicationSets', {});
  for (const arn of (sets?.replicationSetArns ?? []) as string[])
    state.push(await incidents('GetReplicationSet', { arn }));
  return JSON.stringify(state, null, 1);
}

export function loadModels(): Record<Service, Model> {
  return { 'ssm-incidents': loadModel('ssm-incidents'), 'ssm-contacts': loadModel('ssm-contacts') };
}
