import type { IncidentTemplate, ResponsePlan, SsmAutomation } from '../../world/incident-manager/response-plans.ts';
import { listing } from '../aws/listing.ts';
import { choice, list, map, structure, text, union } from '../aws/shape.ts';
import { operation, post, type RestOperation } from './rest.ts';
import {
  arn,
  chatChannel,
  clientToken,
  contactArn,
  impact,
  maxResults,
  nextToken,
  notificationTargets,
  summary,
  tags,
  templateTags,
  title,
} from './shapes.ts';

const dedupeString = text({ max: 1000 });
const displayName = text({ max: 200 });
const engagements = list(contactArn, { max: 5 });
const parameterName = text({ min: 1, max: 50 });
const ssmAutomation = structure(
  {
    roleArn: text({ max: 1000, pattern: /^arn:aws(-cn|-us-gov)?:iam::([0-9]{12})?:role\/.+$/ }),
    documentName: text({ pattern: /^[a-zA-Z0-9_\-.:/]{3,128}$/ }),
  },
  {
    documentVersion: text({ max: 128 }),
    targetAccount: choice('RESPONSE_PLAN_OWNER_ACCOUNT', 'IMPACTED_ACCOUNT'),
    parameters: map(parameterName, list(text({ max: 512 }), { max: 100 }), { min: 1, max: 200 }),
    dynamicParameters: map(parameterName, union({ variable: choice('INCIDENT_RECORD_ARN', 'INVOLVED_RESOURCES') }), {
      min: 1,
      max: 200,
    }),
  },
);
const actions = list(union({ ssmAutomation }), { max: 1 });
const pagerDuty = structure(
  {
    name: text({ min: 1, max: 200 }),
    pagerDutyIncidentConfiguration: structure({ serviceId: text({ min: 1, max: 200 }) }, {}),
    secretId: text({ min: 1, max: 512 }),
  },
  {},
);
const integrations = list(union({ pagerDutyConfiguration: pagerDuty }), { max: 1 });
const incidentTemplate = structure(
  { title, impact },
  { summary, dedupeString, notificationTargets, incidentTags: tags },
);

const createResponsePlan = post(
  'CreateResponsePlan',
  201,
  structure(
    { name: text({ min: 1, max: 200, pattern: /^[a-zA-Z0-9-_]*$/ }), incidentTemplate },
    { clientToken, displayName, engagements, actions, chatChannel, integrations, tags },
  ),
  ({ clientToken: _token, tags: given, ...wish }, { engine }) => {
    const plan = engine.plans.create(wish as Omit<ResponsePlan, 'arn'>);
    if (given) engine.tags.add(plan.arn, given);
    return { arn: plan.arn };
  },
);

const getResponsePlan = operation({
  name: 'GetResponsePlan',
  method: 'GET',
  path: '/getResponsePlan',
  status: 200,
  input: structure({ arn }, {}),
  run: (input, { engine }) => engine.plans.get(input.arn),
});

const listResponsePlans = post(
  'ListResponsePlans',
  200,
  structure({}, { maxResults, nextToken }),
  (input, { engine }) => {
    const { items, next } = listing(engine.enabled ? engine.plans.list() : [], input, {
      of: 'ListResponsePlans',
      usual: 100,
      key: (plan) => plan.arn,
    });
    const responsePlanSummaries = items.map((plan) => ({
      arn: plan.arn,
      name: plan.name,
      displayName: plan.displayName,
    }));
    return { responsePlanSummaries, nextToken: next };
  },
);

const updateResponsePlan = post(
  'UpdateResponsePlan',
  204,
  structure(
    { arn },
    {
      clientToken,
      displayName,
      engagements,
      actions,
      chatChannel,
      integrations,
      incidentTemplateTitle: title,
      incidentTemplateImpact: impact,
      incidentTemplateSummary: summary,
      incidentTemplateDedupeString: dedupeString,
      incidentTemplateNotificationTargets: notificationTargets,
      incidentTemplateTags: templateTags,
    },
  ),
  (input, { engine }) => {
    const before = engine.plans.get(input.arn).incidentTemplate;
    // The parts of the template are spelled out one by one here, unlike in every other operation.
    const template: Partial<Record<keyof IncidentTemplate, unknown>> = {
      title: input.incidentTemplateTitle,
      impact: input.incidentTemplateImpact,
      summary: input.incidentTemplateSummary,
      dedupeString: input.incidentTemplateDedupeString,
      notificationTargets: input.incidentTemplateNotificationTargets,
      incidentTags: input.incidentTemplateTags,
    };
    engine.plans.update(input.arn, {
      ...given({
        displayName: input.displayName,
        engagements: input.engagements,
        actions: input.actions as { ssmAutomation?: SsmAutomation }[] | undefined,
        chatChannel: input.chatChannel,
        integrations: input.integrations,
      }),
      incidentTemplate: { ...before, ...given(template) } as IncidentTemplate,
    });
  },
);

function given<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const deleteResponsePlan = post('DeleteResponsePlan', 204, structure({ arn }, {}), (input, { engine }) => {
  engine.deletePlan(input.arn);
});

/** Response plans. */
export const responsePlanOperations: readonly RestOperation[] = [
  createResponsePlan,
  getResponsePlan,
  listResponsePlans,
  updateResponsePlan,
  deleteResponsePlan,
];
