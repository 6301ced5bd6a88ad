import {
  ListPageReceiptsCommand,
  ListPageResolutionsCommand,
  ListPagesByContactCommand,
  ListPagesByEngagementCommand,
  type Page as RawPage,
  type Receipt as RawReceipt,
  type ResolutionContact,
} from '@aws-sdk/client-ssm-contacts';
import type { Page, PagePath, Receipt } from '../pager.ts';
import { contactKind } from './contacts.ts';
import { everyPage } from './every-page.ts';
import { givenInstant, instant } from './instants.ts';
import { incidentId } from './names.ts';
import type { Session } from './session.ts';

/** As many as one answer holds: whoever has been paged for years must not wait for ten requests to acknowledge one. */
const PAGES_AT_ONCE = 1024;

function pageOf({ names }: Session, raw: RawPage): Page {
  return {
    id: names.id(raw.PageArn),
    engagementId: names.id(raw.EngagementArn),
    contact: names.alias(raw.ContactArn) ?? '',
    incidentId: raw.IncidentId ? names.id(raw.IncidentId) : null,
    sender: raw.Sender ?? '',
    sentAt: givenInstant(raw.SentTime),
    deliveredAt: instant(raw.DeliveryTime),
    readAt: instant(raw.ReadTime),
  };
}

function newestFirst(a: Page, b: Page): number {
  return b.sentAt.localeCompare(a.sentAt);
}

/**
 * A person's pages, however the page came about: AWS lists them by the person, while an engagement may be that of a
 * plan or a schedule. @throws NOT_FOUND
 */
export async function pagesOfContact(session: Session, alias: string, incident?: string): Promise<Page[]> {
  const { line, names } = session;
  const ContactId = await names.contactsArn('contact', alias);
  const call = { action: 'ssm-contacts:ListPagesByContact', about: `contact "${alias}"` };
  const raw = await everyPage<RawPage>(async (NextToken) => {
    const answer = await line.ask(call, (options) =>
      line.contacts.send(new ListPagesByContactCommand({ ContactId, NextToken, MaxResults: PAGES_AT_ONCE }), options),
    );
    return { items: answer.Pages, next: answer.NextToken };
  });
  const pages = raw.map((page) => pageOf(session, page)).sort(newestFirst);
  return incident === undefined ? pages : pages.filter((page) => page.incidentId === incidentId(incident));
}

export async function pagesOfEngagement(session: Session, engagementId: string): Promise<Page[]> {
  const { line, names } = session;
  const EngagementId = await names.contactsArn('engagement', engagementId);
  const call = { action: 'ssm-contacts:ListPagesByEngagement', about: `engagement ${engagementId}` };
  const raw = await everyPage<RawPage>(async (NextToken) => {
    const answer = await line.ask(call, (options) =>
      line.contacts.send(
        new ListPagesByEngagementCommand({ EngagementId, NextToken, MaxResults: PAGES_AT_ONCE }),
        options,
      ),
    );
    return { items: answer.Pages, next: answer.NextToken };
  });
  return raw.map((page) => pageOf(session, page)).sort(newestFirst);
}

const RECEIPT_KINDS: Readonly<Record<string, Receipt['kind']>> = {
  SENT: 'sent',
  DELIVERED: 'delivered',
  READ: 'read',
  ERROR: 'error',
  STOP: 'stop',
};

/** What became of a page on its way, oldest first. */
export async function receiptsOf(session: Session, pageId: string): Promise<Receipt[]> {
  const { line, names } = session;
  const PageId = await names.contactsArn('page', pageId);
  const call = { action: 'ssm-contacts:ListPageReceipts', about: `page ${pageId}` };
  const raw = await everyPage<RawReceipt>(async (NextToken) => {
    const answer = await line.ask(call, (options) =>
      line.contacts.send(new ListPageReceiptsCommand({ PageId, NextToken, MaxResults: 100 }), options),
    );
    return { items: answer.Receipts, next: answer.NextToken };
  });
  return raw
    .map((receipt) => ({
      kind: RECEIPT_KINDS[receipt.ReceiptType ?? ''] ?? ('error' as const),
      at: givenInstant(receipt.ReceiptTime),
      channelId: receipt.ContactChannelArn ? names.id(receipt.ContactChannelArn) : null,
      info: receipt.ReceiptInfo ?? null,
    }))
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** The way a page took, from the outermost contact to the person. */
export async function pathOfPage(session: Session, pageId: string): Promise<PagePath> {
  const { line, names } = session;
  const PageId = await names.contactsArn('page', pageId);
  const call = { action: 'ssm-contacts:ListPageResolutions', about: `page ${pageId}` };
  const steps = await everyPage<ResolutionContact>(async (NextToken) => {
    const answer = await line.ask(call, (options) =>
      line.contacts.send(new ListPageResolutionsCommand({ PageId, NextToken }), options),
    );
    return { items: answer.PageResolutions, next: answer.NextToken };
  });
  return steps.map(({ ContactArn, Type, StageIndex }) => ({
    contact: names.alias(ContactArn) ?? '',
    kind: contactKind(Type),
    stage: StageIndex ?? null,
  }));
}
