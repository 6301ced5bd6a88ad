import type { Rotation, RotationOverride } from '../../world/incident-manager/rotations.ts';
import { listing, seconds } from '../aws/listing.ts';
import { instant, list, structure, text } from '../aws/shape.ts';
import { operation, type RpcOperation } from './rpc.ts';
import { arn, page, recurrence, rotationName, tags, timeZone, token } from './shapes.ts';
import { tagMap } from './tags.ts';

const members = list(arn, { min: 1, max: 30 });
const oneRotation = structure({ RotationId: arn }, {});

function rotationOf(rotation: Rotation) {
  return {
    RotationArn: rotation.arn,
    Name: rotation.name,
    ContactIds: rotation.members,
    StartTime: seconds(rotation.startsAt),
    TimeZoneId: rotation.timeZone,
    Recurrence: rotation.recurrence,
  };
}

const createRotation = operation(
  'CreateRotation',
  structure(
    { Name: rotationName, ContactIds: members, TimeZoneId: timeZone, Recurrence: recurrence },
    { StartTime: instant, Tags: tags, IdempotencyToken: token },
  ),
  (input, engine) => {
    const rotation = engine.rotations.create({
      name: input.Name,
      members: input.ContactIds,
      timeZone: input.TimeZoneId,
      recurrence: input.Recurrence,
      startsAt: input.StartTime,
    });
    engine.tags.add(rotation.arn, tagMap(input.Tags));
    return { RotationArn: rotation.arn };
  },
);

const getRotation = operation('GetRotation', oneRotation, ({ RotationId }, engine) =>
  rotationOf(engine.rotations.get(RotationId)),
);

const updateRotation = operation(
  'UpdateRotation',
  structure(
    { RotationId: arn, Recurrence: recurrence },
    { ContactIds: members, StartTime: instant, TimeZoneId: timeZone },
  ),
  (input, engine) => {
    const { ContactIds, StartTime: startsAt, TimeZoneId, Recurrence } = input;
    engine.rotations.update(input.RotationId, {
      recurrence: Recurrence,
      startsAt,
      ...(ContactIds && { members: ContactIds }),
      ...(TimeZoneId && { timeZone: TimeZoneId }),
    });
  },
);

const deleteRotation = operation('DeleteRotation', oneRotation, ({ RotationId }, engine) =>
  engine.deleteRotation(RotationId),
);

const listRotations = operation(
  'ListRotations',
  structure({}, { ...page, RotationNamePrefix: rotationName }),
  (input, engine) => {
    const { items, next } = listing(engine.rotations.list(input.RotationNamePrefix), input, {
      of: 'ListRotations',
      usual: 50,
      key: (rotation) => rotation.arn,
    });
    return { Rotations: items.map(rotationOf), NextToken: next };
  },
);

const overrideId = text({
  min: 36,
  max: 39,
  // `A-Z` in the first part is the model's own, and so is that nothing ties it to the ends.
  pattern: /([a-fA-Z0-9]{8,11}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}){1}/,
});
const oneOverride = structure({ RotationId: arn, RotationOverrideId: overrideId }, {});

function overrideOf(override: RotationOverride) {
  return {
    RotationOverrideId: override.id,
    NewContactIds: override.members,
    StartTime: seconds(override.from),
    EndTime: seconds(override.until),
    CreateTime: seconds(override.createdAt),
  };
}

const createRotationOverride = operation(
  'CreateRotationOverride',
  structure(
    { RotationId: arn, NewContactIds: list(arn, { max: 30 }), StartTime: instant, EndTime: instant },
    { IdempotencyToken: token },
  ),
  (input, engine) => {
    const { NewContactIds, StartTime: from, EndTime: until } = input;
    const override = engine.rotations.override(input.RotationId, { members: NewContactIds, from, until });
    return { RotationOverrideId: override.id };
  },
);

const getRotationOverride = operation(
  'GetRotationOverride',
  oneOverride,
  ({ RotationId, RotationOverrideId }, engine) => ({
    ...overrideOf(engine.rotations.getOverride(RotationId, RotationOverrideId)),
    RotationArn: RotationId,
  }),
);

const deleteRotationOverride = operation(
  'DeleteRotationOverride',
  oneOverride,
  ({ RotationId, RotationOverrideId }, engine) => engine.rotations.deleteOverride(RotationId, RotationOverrideId),
);

const listRotationOverrides = operation(
  'ListRotationOverrides',
  structure({ RotationId: arn, StartTime: instant, EndTime: instant }, page),
  (input, engine) => {
    const { overrides } = engine.rotations.named(input.RotationId);
    const found = overrides.filter(({ from, until }) => from < input.EndTime && until > input.StartTime);
    const { items, next } = listing(found, input, { of: 'ListRotationOverrides', usual: 50, key: ({ id }) => id });
    return { RotationOverrides: items.map(overrideOf), NextToken: next };
  },
);

/** Rotations and the exceptions to them. */
export const rotationOperations: readonly RpcOperation[] = [
  createRotation,
  getRotation,
  updateRotation,
  deleteRotation,
  listRotations,
  createRotationOverride,
  getRotationOverride,
  deleteRotationOverride,
  listRotationOverrides,
];
