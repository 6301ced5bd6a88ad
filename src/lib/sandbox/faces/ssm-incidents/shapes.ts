import { anyStructure, choice, instant, list, map, structure, text, whole } from '../aws/shape.ts';

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
export const notificationTargets = list(structure({}, { snsTopicArn: arn }), { max: 10 });
export const chatChannel = structure(
  {},
  { chatbotSns: list(text({ max: 1000 }), { min: 1, max: 5 }), empty: anyStructure },
);

const tagKey = text({ min: 1, max: 128, pattern: /^(?!aws:)[A-Za-z0-9 _=@:.+\-/]+$/ });
const tagValue = text({ max: 256, pattern: /^[A-Za-z0-9 _=@:.+\-/]*$/ });
export const tagKeys = list(tagKey, { min: 1, max: 50 });
export const tags = map(tagKey, tagValue, { max: 50 });

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
const itemValue = structure(
  {},
  { arn, url: text({ max: 1000 }), metricDefinition: text({ max: 4000 }), pagerDutyIncidentDetail: anyStructure },
);
export const itemIdentifier = structure({ type: itemType, value: itemValue }, {});
export const relatedItem = structure({ identifier: itemIdentifier }, { title, generatedId: text({ max: 200 }) });

const relatedItemId = text({
  max: 200,
  pattern:
    /^related-item\/(ANALYSIS|INCIDENT|METRIC|PARENT|ATTACHMENT|OTHER|AUTOMATION|INVOLVED_RESOURCE|TASK)\/([0-9]|[A-F]){32}$/,
});
export const eventReferences = list(structure({}, { resource: arn, relatedItemId }), { max: 10 });

const equals = structure(
  {},
  { stringValues: list(text({ max: 1000 }), { max: 100 }), integerValues: list(whole(), { max: 100 }) },
);
const condition = structure({}, { before: instant, after: instant, equals });
export const filters = list(structure({ key: text({ max: 50 }), condition }, {}), { max: 5 });
