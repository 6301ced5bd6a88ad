import {
  type Filter,
  GetIncidentRecordCommand,
  type IncidentRecordSource,
  type IncidentRecordSummary,
  ListIncidentRecordsCommand,
  StartIncidentCommand,
  UpdateIncidentRecordCommand,
} from '@aws-sdk/client-ssm-incidents';
import { OncallError } from '../../../errors.ts';
import type { Impact, Incident, IncidentStatus, Pager } from '../pager.ts';
import { mayHaveHappened, notEnabled, unreadable } from './errors.ts';
import { type ListPage, pageByPage } from './every-page.ts';
import { givenInstant, instant } from './instants.ts';
import { cut } from './message-limits.ts';
import { incidentId, isUuid, parseArn, planOf } from './names.ts';
import type { Session } from './session.ts';

/** What StartIncident writes when nobody says what set it off: a person, by the console, the CLI or a form. */
const OPENED_BY_HAND = 'aws.ssm-incidents.custom';
const LONGEST_TITLE = 200;

/** Where the console shows an incident. The part after `#` is not documented; the page lists open incidents without it. */
function consoleUrl(region: string, arn: string): string {
  const home = `https://${region}.console.aws.amazon.com/systems-manager/incidents/home?region=${region}`;
  return `${home}#/${parseArn(arn)?.account ?? ''}/${incidentId(arn)}`;
}

interface RecordParts {
  arn: string | undefined;
  title: string | undefined;
  status: string | undefined;
  impact: number | undefined;
  creationTime: Date | undefined;
  resolvedTime?: Date | undefined;
  incidentRecordSource: IncidentRecordSource | undefined;
  summary?: string | undefined;
}

function incidentOf(session: Session, record: RecordParts): Incident {
  const arn = record.arn ?? '';
  return {
    id: session.names.id(arn),
    title: record.title ?? '',
    status: record.status === 'RESOLVED' ? 'resolved' : 'open',
    impact: (record.impact ?? 5) as Impact,
    summary: record.summary ?? null,
    startedAt: givenInstant(record.creationTime),
    resolvedAt: instant(record.resolvedTime),
    plan: planOf(arn),
    openedBy: record.incidentRecordSource?.source === OPENED_BY_HAND ? 'person' : 'alert',
    url: consoleUrl(session.line.settings.aws.region, arn),
  };
}

function records(session: Session, filters: Filter[]): AsyncGenerator<IncidentRecordSummary> {
  const { line } = session;
  const read = async (nextToken: string | undefined): Promise<ListPage<IncidentRecordSummary>> => {
    const answer = await line.ask({ action: 'ssm-incidents:ListIncidentRecords' }, (options) =>
      line.incidents.send(new ListIncidentRecordsCommand({ filters, nextToken, maxResults: 100 }), options),
    );
    return { items: answer.incidentRecordSummaries, next: answer.nextToken };
  };
  return pageByPage(read);
}

function byStatus(status: IncidentStatus): Filter {
  return { key: 'status', condition: { equals: { stringValues: [status === 'open' ? 'OPEN' : 'RESOLVED'] } } };
}

function openThenNewest(a: Incident, b: Incident): number {
  if (a.status !== b.status) return a.status === 'open' ? -1 : 1;
  return b.startedAt.localeCompare(a.startedAt);
}

/**
 * Incidents by status and age. `summary` is null in them: AWS gives it only with a single record.
 * @throws NOT_ENABLED when there is none because Incident Manager was never set up
 */
export async function listIncidents(
  session: Session,
  filter: { status?: IncidentStatus; since?: string } = {},
): Promise<Incident[]> {
  const filters: Filter[] = [];
  if (filter.status) filters.push(byStatus(filter.status));
  if (filter.since) filters.push({ key: 'creationTime', condition: { after: new Date(filter.since) } });
  const found: Incident[] = [];
  for await (const record of records(session, filters)) found.push(incidentOf(session, record));
  if (found.length === 0 && !(await session.enabled())) throw notEnabled(session.line.settings.aws.region);
  return found.sort(openThenNewest);
}

function noIncident(id: string, cause?: unknown): OncallError {
  return new OncallError(`There is no incident ${id}.`, {
    code: 'NOT_FOUND',
    hint: 'List the incidents with `oncall incident list`.',
    cause,
  });
}

/**
 * The ARN of an incident. Its response plan is part of the ARN, so an id that has not been seen is looked for in the
 * lists, open incidents first.
 * @throws NOT_FOUND
 */
export async function incidentArn(session: Session, id: string): Promise<string> {
  const known = session.names.incidentArn(id);
  if (known) return known;
  if (!isUuid(id)) throw noIncident(id);
  for (const status of ['open', 'resolved'] as const) {
    for await (const { arn } of records(session, [byStatus(status)])) {
      if (arn && session.names.id(arn) === id.toLowerCase()) return arn;
    }
  }
  if (!(await session.enabled())) throw notEnabled(session.line.settings.aws.region);
  throw noIncident(id);
}

/** @throws NOT_FOUND */
export async function getIncident(session: Session, id: string): Promise<Incident> {
  const { line } = session;
  const arn = await incidentArn(session, id);
  const call = { action: 'ssm-incidents:GetIncidentRecord', about: `incident ${incidentId(id)}` };
  const { incidentRecord } = await line.ask(call, (options) =>
    line.incidents.send(new GetIncidentRecordCommand({ arn }), options),
  );
  if (!incidentRecord?.arn) throw unreadable(call);
  return incidentOf(session, incidentRecord);
}

/** Opens an incident. Not repeated after a doubt, although it carries a token: it rings people. */
export async function startIncident(session: Session, request: Parameters<Pager['startIncident']>[0]): Promise<string> {
  const { line, names } = session;
  const responsePlanArn = await names.planArn(request.plan);
  const call = { action: 'ssm-incidents:StartIncident', about: `response plan "${request.plan}"` };
  const { incidentRecordArn } = await line.tell(call, (options) =>
    line.incidents.send(
      new StartIncidentCommand({
        responsePlanArn,
        title: cut(request.title, LONGEST_TITLE),
        impact: request.impact,
        clientToken: request.token,
      }),
      options,
    ),
  );
  if (!incidentRecordArn) throw mayHaveHappened(unreadable(call));
  return names.id(incidentRecordArn);
}

export async function resolveIncident(session: Session, id: string, token: string): Promise<void> {
  const { line } = session;
  const arn = await incidentArn(session, id);
  await line.ask({ action: 'ssm-incidents:UpdateIncidentRecord', about: `incident ${incidentId(id)}` }, (options) =>
    line.incidents.send(new UpdateIncidentRecordCommand({ arn, status: 'RESOLVED', clientToken: token }), options),
  );
}
