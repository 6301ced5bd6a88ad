import { Document, isMap, isScalar } from 'yaml';
import { parseDocumentText } from './document.ts';

/** What a new configuration should say. What is null or left out keeps its default. */
export interface Answers {
  /** Set for a file that can only be used in a practice world. */
  world?: 'sandbox';
  team: string | null;
  services: DraftService[];
  plan: string | null;
  schedule: string | null;
  region: string | null;
  profile: string | null;
  endpoint?: string | null;
  kubeconfig?: string | null;
  context: string | null;
  namespace: string | null;
  prometheus: string | null;
  alertmanager: string | null;
  githubApi?: string | null;
}

export interface DraftService {
  name: string;
  repository: string | null;
  namespace?: string | null;
  selector?: string | null;
  deploy?: string | null;
  revert?: string | null;
  queries?: Record<string, { expr: string; description: string }>;
  runbook?: string | null;
}

const HEAD = ` How oncall finds your services, your cluster and your pager. Check this file in: it holds no secrets.
 Every key: \`oncall config schema\`. Does it work: \`oncall doctor\`.`;

/** One remark a section, for whoever reads the file first. */
const REMARKS: Readonly<Record<string, string>> = {
  world: ' Nothing outside this machine is ever reached with this file.',
  escalation: ' Who is paged, by their aliases in Incident Manager.',
  prometheus: ' Where people reach it, with its path prefix if it has one.',
  services: ' One name means the same in every command. Add `queries`, `runbook` and `dependsOn` as you learn them.',
};

/**
 * The text of a new `oncall.yaml`, read back as any file would be.
 * @param path as which file it is read, for the error
 * @throws CONFIG when an answer is not valid
 */
export function draftConfig(answers: Answers, path: string): string {
  const { plan, schedule, region, profile, context, namespace, prometheus, alertmanager, endpoint } = answers;
  const { kubeconfig, githubApi } = answers;
  const document = new Document({
    version: 1,
    ...given({ world: answers.world, team: answers.team }),
    ...section('escalation', { plan, schedule }),
    ...section('aws', { region, profile, endpoint }),
    ...section('kubernetes', { kubeconfig, context, namespace }),
    ...section('prometheus', { url: prometheus }),
    ...section('alertmanager', { url: alertmanager }),
    ...section('github', { apiUrl: githubApi }),
    services: Object.fromEntries(answers.services.map((service) => [service.name, serviceContent(service)])),
  });
  document.commentBefore = HEAD;
  if (isMap(document.contents)) {
    for (const { key } of document.contents.items)
      if (isScalar(key) && REMARKS[String(key.value)]) key.commentBefore = REMARKS[String(key.value)];
  }
  const text = document.toString({ lineWidth: 0 });
  parseDocumentText(text, path);
  return text;
}

function serviceContent({ namespace, selector, repository, deploy, revert, queries, runbook }: DraftService): object {
  return {
    ...given({ namespace, selector, repository }),
    ...section('workflows', { deploy, revert }),
    ...(queries && Object.keys(queries).length > 0 ? { queries } : {}),
    ...given({ runbook }),
  };
}

type Values = Record<string, string | null | undefined>;

function given(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function section(name: string, values: Values): Record<string, object> {
  const told = given(values);
  return Object.keys(told).length > 0 ? { [name]: told } : {};
}
