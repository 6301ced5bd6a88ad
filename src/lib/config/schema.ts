import { z } from 'zod';

/**
 * The manual of `oncall.yaml`: every key, what it means, its default. `docs/configuration.md` and the JSON Schema for
 * editors are generated from here. Strict: a key that is not listed is an error that names the nearest one.
 */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const name = z.string().min(1);

const query = z.union([
  z.string().min(1),
  z.strictObject({
    expr: z.string().min(1).describe('PromQL expression'),
    unit: z.string().optional().describe('Unit shown after the value, e.g. `%` or `s`'),
    limit: z.number().optional().describe('Value above which something is wrong'),
    description: z.string().optional().describe('One line on what it tells'),
  }),
]);

const aws = z.strictObject({
  region: z
    .string()
    .regex(REGION, 'must be an AWS region such as us-west-2')
    .optional()
    .describe('Region of Incident Manager; AWS_REGION in the shell comes first'),
  profile: z
    .string()
    .optional()
    .describe('Profile of the shared AWS configuration; AWS_PROFILE in the shell comes first'),
  endpoint: z.url().optional().describe('Where AWS calls go instead of AWS; a sandbox sets it'),
});

const kubernetes = z.strictObject({
  kubeconfig: z.string().optional().describe('Path of the kubeconfig; default: KUBECONFIG, then ~/.kube/config'),
  context: z.string().optional().describe('Context of the kubeconfig; default: its current one'),
  namespace: z.string().optional().describe('Namespace of services that name none; default: `default`'),
});

const discord = z.strictObject({
  webhooks: z
    .string()
    .refine((text) => !text.includes('://'), 'must be the path of a file: the address of a webhook is a secret')
    .optional()
    .describe(
      'Path of a file of your own that holds the webhooks (`responders: URL`, `customers: URL`); default: `~/.config/oncall/discord.yaml`. ONCALL_DISCORD_RESPONDERS and ONCALL_DISCORD_CUSTOMERS in the shell come first',
    ),
  mentionRole: z
    .string()
    .regex(/^\d{15,20}$/, 'must be the id of a role, in quotes, such as "1234567890123456789"')
    .optional()
    .describe('Id of the role that `oncall ask` pings; without it nobody is'),
});

const workflows = z.strictObject({
  deploy: z.string().optional().describe('Workflow file that deploys; default: deploy.yml'),
  revert: z.string().optional().describe('Workflow file that puts an earlier commit back; default: revert.yml'),
  ref: z.string().optional().describe('Branch that holds the workflow files; default: the default branch'),
  shaInput: z.string().optional().describe('Name of the input that takes the commit; default: sha'),
  nonceInput: z.string().optional().describe('Name of the input that is echoed in run-name; default: nonce'),
  reasonInput: z.string().optional().describe('Name of the input that takes the reason; default: reason'),
});

const service = z.strictObject({
  description: z.string().optional().describe('One line on what it does'),
  context: z.string().optional().describe('Context of the kubeconfig, if not the common one'),
  namespace: z.string().optional().describe('Kubernetes namespace'),
  selector: z.string().optional().describe('Label selector of its pods; default: app=NAME'),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name')
    .optional()
    .describe('GitHub repository, owner/name'),
  githubEnvironment: z
    .string()
    .optional()
    .describe('GitHub environment that its deployments name; default: production'),
  workflows: workflows.optional().describe('GitHub Actions workflows that deploy and revert it'),
  queries: z.record(name, query).optional().describe('Named PromQL queries; the first one stands for its health'),
  runbook: z.string().optional().describe('Path or address of its runbook'),
  responsePlan: z.string().optional().describe('Response plan, or the part before `-ALERT` of several; default: NAME'),
  dependsOn: z.array(name).optional().describe('Services that it calls'),
});

const connections = {
  aws: aws.optional().describe('Amazon Web Services, where Incident Manager lives'),
  kubernetes: kubernetes.optional().describe('The cluster'),
  prometheus: z.strictObject({ url: z.url() }).optional().describe('Prometheus, where metrics and rules live'),
  alertmanager: z.strictObject({ url: z.url() }).optional().describe('Alertmanager, where silences live'),
  github: z.strictObject({ apiUrl: z.url() }).optional().describe('GitHub API; default: https://api.github.com'),
  discord: discord.optional().describe('Discord, where the team and its customers are told'),
  services: z.record(name, service).optional().describe('Your services; one name means the same in every command'),
};

export const fileSchema = z.strictObject({
  version: z.literal(1, 'must be 1').describe('Version of this format; always 1'),
  world: z.enum(['production', 'sandbox']).optional().describe('`sandbox` refuses every address outside this machine'),
  team: z.string().optional().describe('Name of the team, as people say it'),
  escalation: z
    .strictObject({
      plan: name.optional().describe('Alias of the escalation plan in Incident Manager'),
      schedule: name.optional().describe('Alias of the on-call schedule of the first responder'),
    })
    .optional()
    .describe('Who is paged'),
  ...connections,
  environments: z
    .record(name, z.strictObject(connections))
    .optional()
    .describe('What differs in another environment, chosen by --env'),
});

export type FileContent = z.infer<typeof fileSchema>;
export type ServiceContent = z.infer<typeof service>;

/** The JSON Schema of `oncall.yaml`, for editors. */
export function jsonSchema(): unknown {
  return z.toJSONSchema(fileSchema, { io: 'input' });
}

/** The keys that the schema knows at a path, for did-you-mean; empty where any key is allowed. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let node = asObject(jsonSchema());
  for (const step of path) node = asObject(node?.properties?.[String(step)] ?? node?.additionalProperties);
  return Object.keys(node?.properties ?? {});
}

interface ObjectSchema {
  properties?: Record<string, unknown>;
  additionalProperties?: unknown;
  anyOf?: unknown[];
}

/** A schema, or that one of its alternatives which has keys. */
function asObject(schema: unknown): ObjectSchema | null {
  if (!schema || typeof schema !== 'object') return null;
  const { anyOf } = schema as ObjectSchema;
  return anyOf ? asObject(anyOf.find((option) => (option as ObjectSchema).properties)) : (schema as ObjectSchema);
}
