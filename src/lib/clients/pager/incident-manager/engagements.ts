import {
  DescribeEngagementCommand,
  ListEngagementsCommand,
  type Engagement as Listed,
  StartEngagementCommand,
  StopEngagementCommand,
} from '@aws-sdk/client-ssm-contacts';
import { OncallError } from '../../../errors.ts';
import type { Engagement, EngageRequest } from '../pager.ts';
import { mayHaveHappened, unreadable } from './errors.ts';
import { everyPage } from './every-page.ts';
import { incidentArn } from './incidents.ts';
import { givenInstant, instant } from './instants.ts';
import { cut, senderName } from './message-limits.ts';
import type { Session } from './session.ts';

const LONGEST = { subject: 2048, content: 8192, reason: 255 } as const;

/**
 * Everyone who is or was engaged for an incident, oldest first. An engagement does not say what kind of contact it is
 * of, so the contacts are listed beside it, once.
 */
export async function listEngagements(session: Session, incidentId: string): Promise<Engagement[]> {
  const { line, names } = session;
  const kinds = session.kinds();
  kinds.catch(() => {});
  const IncidentId = await incidentArn(session, incidentId);
  const listed = await everyPage<Listed>(async (NextToken) => {
    const answer = await line.ask({ action: 'ssm-contacts:ListEngagements' }, (options) =>
      line.contacts.send(new ListEngagementsCommand({ IncidentId, NextToken, MaxResults: 100 }), options),
    );
    return { items: answer.Engagements, next: answer.NextToken };
  });
  const kindOf = await kinds;
  return listed
    .map((raw) => {
      const contact = names.alias(raw.ContactArn) ?? '';
      return {
        id: names.id(raw.EngagementArn),
        contact,
        kind: kindOf.get(contact) ?? ('person' as const),
        incidentId: raw.IncidentId ? names.id(raw.IncidentId) : null,
        sender: raw.Sender ?? '',
        startedAt: givenInstant(raw.StartTime),
        stoppedAt: instant(raw.StopTime),
      };
    })
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

/**
 * Pages a person, a schedule or a plan. Never repeated here after a doubt: the caller looks at `engagements` first.
 * Texts that are too long for AWS are cut.
 * @throws NOT_FOUND, UNAVAILABLE (retryable, after a look) when it is not known whether anybody was paged
 */
export async function startEngagement(session: Session, request: EngageRequest): Promise<string> {
  const { line, names } = session;
  const [ContactId, IncidentId] = await Promise.all([
    names.contactsArn('contact', request.to),
    request.incidentId === null ? undefined : incidentArn(session, request.incidentId),
  ]);
  const call = { action: 'ssm-contacts:StartEngagement', about: `contact "${request.to}"` };
  const { EngagementArn } = await line.tell(call, (options) =>
    line.contacts.send(
      new StartEngagementCommand({
        ContactId,
        Sender: senderName(request.sender),
        Subject: cut(request.subject, LONGEST.subject),
        Content: cut(request.content, LONGEST.content),
        // Empty ones are refused; without any, AWS sends words of its own.
        PublicSubject: cut(request.publicSubject, LONGEST.subject) || undefined,
        PublicContent: cut(request.publicContent, LONGEST.content) || undefined,
        ...(IncidentId ? { IncidentId } : {}),
        IdempotencyToken: request.token,
      }),
      options,
    ),
  );
  if (!EngagementArn) throw mayHaveHappened(unreadable(call));
  return names.id(EngagementArn);
}

/** Stops an engagement. One that has stopped already, on its own or by somebody else, is as good as done. */
export async function stopEngagement(session: Session, engagementId: string, reason: string): Promise<void> {
  const { line, names } = session;
  const EngagementId = await names.contactsArn('engagement', engagementId);
  const about = `engagement ${engagementId}`;
  try {
    await line.tell({ action: 'ssm-contacts:StopEngagement', about }, (options) =>
      line.contacts.send(new StopEngagementCommand({ EngagementId, Reason: cut(reason, LONGEST.reason) }), options),
    );
  } catch (error) {
    if (!(error instanceof OncallError) || !['FAILED', 'UNAVAILABLE'].includes(error.code)) throw error;
    const now = await line
      .ask({ action: 'ssm-contacts:DescribeEngagement', about }, (options) =>
        line.contacts.send(new DescribeEngagementCommand({ EngagementId }), options),
      )
      .catch(() => {
        throw error;
      });
    if (!now.StopTime) throw error;
  }
}
