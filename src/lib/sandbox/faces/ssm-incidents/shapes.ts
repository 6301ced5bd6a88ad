import { anyStructure, choice, flag, instant, list, map, structure, text, union, whole } from '../aws/shape.ts';

/** Shapes that several operations share, with the limits of the API's model of 2018-05-10. */

export const arn = text({ max: 1000, pattern: /^arn:aws(-cn|-us-gov)?:[a-z0-9-]*:[a-z0-9-]*:([0-9]{12})?:.+$/ });
export const contactArn = text({
  max: 2048,
  pattern: /^arn:aws(-cn|-us-gov)?:ssm-contacts:[a-z0-9-]*:([0-9]{12}):contact\/[a-z0-9_-]+$/,
});
export const clientToken = text({ max: 128 });
export const title = text({ max: 200 });
export const summary = text({ max: 8000 });
export const impact = whole({ min: 1, max: 5 });
export const eventId = text({ max: 50 });
export const nextToken = text({ max: 2000 });
export const maxResults = whole({ min: 1, max: 100 });
export const notificationTargets = list(union({ snsTopicArn: arn }), { max: 10 });
export const chatChannel = union({ chatbotSns: list(text({ max: 1000 }), { min: 1, max: 5 }), empty: anyStructure });

// `+-/` is a range, by mistake or not: the model allows a comma.
const tagKey = text({ min: 1, max: 128, pattern: /^(?!aws:)[A-Za-z0-9 _=@:.+-/]+$/ });
const tagValue = text({ max: 256, pattern: /^[A-Za-z0-9 _=@:.+-/]*$/ });
export const tagKeys = list(tagKey, { min: 1, max: 50 });
export const tags = map(tagKey, tagValue, { min: 1, max: 50 });
/** Only an update of a response plan may empty its tags. */
export const templateTags = map(tagKey, tagValue, { max: 50 });

const itemType = choice(
  'ANALYSIS',
  'INCIDENT',
  'METRIC',
  'PARENT',
  'ATTACHMENT',
  'OTHER',
  'AUTOMATION',
  'INVOLVED_RESOURCE',
  'TASK',
);
const pagerDutyIncident = structure(
  { id: text({ min: 1, max: 200 }) },
  { autoResolve: flag, secretId: text({ min: 1, max: 512 }) },
);
const itemValue = union({
  arn,
  url: text({ max: 1000 }),
  metricDefinition: text({ max: 4000 }),
  pagerDutyIncidentDetail: pagerDutyIncident,
});
export const itemIdentifier = structure({ type: itemType, value: itemValue }, {});

const relatedItemId = text({
  max: 200,
  pattern:
    /^related-item\/(ANALYSIS|INCIDENT|METRIC|PARENT|ATTACHMENT|OTHER|AUTOMATION|INVOLVED_RESOURCE|TASK)\/([0-9]|[A-F]){32}$/,
});
export const relatedItem = structure({ identifier: itemIdentifier }, { title, generatedId: relatedItemId });
export const eventReferences = list(union({ resource: arn, relatedItemId }), { max: 10 });

const equals = union({
  stringValues: list(text({ max: 1000 }), { max: 100 }),
  integerValues: list(whole(), { max: 100 }),
});
const condition = union({ before: instant, after: instant, equals });
export const filters = list(structure({ key: text({ max: 50 }), condition }, {}), { max: 5 });
