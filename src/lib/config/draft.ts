import { stringify } from 'yaml';
import { parseDocumentText } from './document.ts';

/** What a new configuration should say. What is null is left out, and keeps its default. */
export interface Answers {
  team: string | null;
  services: { name: string; repository: string | null }[];
  plan: string | null;
  schedule: string | null;
  region: string | null;
  profile: string | null;
  context: string | null;
  namespace: string | null;
  prometheus: string | null;
  alertmanager: string | null;
}

const HEAD = `# How oncall finds your services, your cluster and your pager. Check this file in: it holds no secrets.
# Every key: \`oncall config schema\`. Does it work: \`oncall doctor\`.
`;

/**
 * The text of a new `oncall.yaml`, read back as any file would be.
 * @param path as which file it is read, for the error
 * @throws CONFIG when an answer is not valid
 */
export function draftConfig(answers: Answers, path: string): string {
  const { plan, schedule, region, profile, context, namespace, prometheus, alertmanager } = answers;
  const content = {
    version: 1,
    ...given({ team: answers.team }),
    ...section('escalation', { plan, schedule }),
    ...section('aws', { region, profile }),
    ...section('kubernetes', { context, namespace }),
    ...section('prometheus', { url: prometheus }),
    ...section('alertmanager', { url: alertmanager }),
    services: Object.fromEntries(answers.services.map(({ name, repository }) => [name, given({ repository })])),
  };
  const text = HEAD + stringify(content);
  parseDocumentText(text, path);
  return text;
}

function given(values: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
}

function section(name: string, values: Record<string, string | null>): Record<string, object> {
  const told = given(values);
  return Object.keys(told).length > 0 ? { [name]: told } : {};
}
