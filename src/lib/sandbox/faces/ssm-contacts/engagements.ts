import type { Engagement } from '../../world/incident-manager/engagements.ts';
import type { Page, Receipt } from '../../world/incident-manager/pages.ts';
import { listing, seconds } from '../aws/listing.ts';
import { choice, instant, structure, text } from '../aws/shape.ts';
import { operation, type RpcOperation } from './rpc.ts';
import { arn, code, page, token } from './shapes.ts';

const plainText = /^[\\a-zA-Z0-9_@#%*+=:?./!\s-]*$/;
const sender = text({ max: 255, pattern: plainText });
const incidentId = text({ max: 1024, pattern: plainText });
const subject = text({ min: 1, max: 2048 });
const content = text({ min: 1, max: 8192 });

const startEngagement = operation(
  'StartEngagement',
  structure(
    { ContactId: arn, Sender: sender, Subject: subject, Content: content },
    { PublicSubject: subject, PublicContent: content, IncidentId: incidentId, IdempotencyToken: token },
  ),
  (input, engine) => {
    const engagement = engine.engagements.start({
      contact: input.ContactId,
      sender: input.Sender,
      subject: input.Subject,
      content: input.Content,
      publicSubject: input.PublicSubject,
      publicContent: input.PublicContent,
      incident: input.IncidentId,
    });
    return { EngagementArn: engagement.arn };
  },
);

const stopEngagement = operation(
  'StopEngagement',
  structure({ EngagementId: arn }, { Reason: text({ max: 255 }) }),
  ({ EngagementId, Reason }, engine) => engine.engagements.stop(EngagementId, Reason),
);

function engagementOf(engagement: Engagement) {
  return {
    EngagementArn: engagement.arn,
    ContactArn: engagement.contact,
    Sender: engagement.sender,
    IncidentId: engagement.incident,
    StartTime: seconds(engagement.startedAt),
    StopTime: maybeSeconds(engagement.stoppedAt),
  };
}

function wordsOf({ subject: Subject, content: Content, publicSubject, publicContent }: Engagement) {
  return { Subject, Content, PublicSubject: publicSubject, PublicContent: publicContent };
}

function maybeSeconds(at: number | null): number | undefined {
  return at === null ? undefined : seconds(at);
}

const describeEngagement = operation(
  'DescribeEngagement',
  structure({ EngagementId: arn }, {}),
  ({ EngagementId }, engine) => {
    const engagement = engine.engagements.get(EngagementId);
    return { ...engagementOf(engagement), ...wordsOf(engagement) };
  },
);

const listEngagements = operation(
  'ListEngagements',
  structure(
    {},
    { ...page, IncidentId: incidentId, TimeRangeValue: structure({}, { StartTime: instant, EndTime: instant }) },
  ),
  (input, engine) => {
    const range = input.TimeRangeValue;
    const found = engine.engagements.list({
      incident: input.IncidentId,
      from: range?.StartTime,
      until: range?.EndTime,
    });
    const { items, next } = listing(found, input, {
      of: 'ListEngagements',
      usual: 50,
      key: (engagement) => engagement.arn,
    });
    return { Engagements: items.map(engagementOf), NextToken: next };
  },
);

function pageOf({ arn: PageArn, engagement, contact: ContactArn, sentAt, deliveredAt, readAt }: Page) {
  return {
    PageArn,
    EngagementArn: engagement.arn,
    ContactArn,
    Sender: engagement.sender,
    IncidentId: engagement.incident,
    SentTime: seconds(sentAt),
    DeliveryTime: maybeSeconds(deliveredAt),
    ReadTime: maybeSeconds(readAt),
  };
}

function pagesAnswer(pages: Page[], input: object, of: string) {
  const { items, next } = listing(pages, input, { of, usual: 50, key: (one) => one.arn });
  return { Pages: items.map(pageOf), NextToken: next };
}

const listPagesByEngagement = operation(
  'ListPagesByEngagement',
  structure({ EngagementId: arn }, page),
  (input, engine) => {
    const engagement = engine.engagements.get(input.EngagementId);
    return pagesAnswer(engine.engagements.pages.ofEngagement(engagement), input, 'ListPagesByEngagement');
  },
);

const listPagesByContact = operation('ListPagesByContact', structure({ ContactId: arn }, page), (input, engine) => {
  const contact = engine.contacts.get(input.ContactId);
  return pagesAnswer(engine.engagements.pages.ofContact(contact.arn), input, 'ListPagesByContact');
});

const onePage = structure({ PageId: arn }, {});

/** The content is the engagement's: the code that a responder answers with stands only in the message itself. */
const describePage = operation('DescribePage', onePage, ({ PageId }, engine) => {
  const found = engine.engagements.pages.get(PageId);
  return { ...pageOf(found), ...wordsOf(found.engagement) };
});

function receiptOf({ type, channel, info, at }: Receipt) {
  return { ContactChannelArn: channel, ReceiptType: type, ReceiptInfo: info, ReceiptTime: seconds(at) };
}

/** Ordered by type, as in AWS's own sample answer, so that SENT comes after READ. */
const listPageReceipts = operation('ListPageReceipts', structure({ PageId: arn }, page), (input, engine) => {
  const receipts = engine.engagements.pages.get(input.PageId).receipts.toSorted((a, b) => (a.type < b.type ? -1 : 1));
  const { items, next } = listing(receipts, input, {
    of: 'ListPageReceipts',
    usual: 50,
    key: ({ type, at }) => `${type} ${at}`,
  });
  return { Receipts: items.map(receiptOf), NextToken: next };
});

const KIND = { person: 'PERSONAL', plan: 'ESCALATION', schedule: 'ONCALL_SCHEDULE' } as const;

const listPageResolutions = operation(
  'ListPageResolutions',
  structure({ PageId: arn }, { NextToken: token }),
  (input, engine) => {
    const { path } = engine.engagements.pages.get(input.PageId).reached;
    const { items, next } = listing(path, input, {
      of: 'ListPageResolutions',
      usual: 50,
      key: ({ contact }) => contact,
    });
    const PageResolutions = items.map(({ contact, kind, stage }) => ({
      ContactArn: contact,
      Type: KIND[kind],
      StageIndex: stage ?? undefined,
    }));
    return { PageResolutions, NextToken: next };
  },
);

/** Without a word on validation the code is checked: AWS does not say which is the default. */
const acceptPage = operation(
  'AcceptPage',
  structure(
    { PageId: arn, AcceptType: choice('DELIVERED', 'READ'), AcceptCode: code },
    {
      AcceptCodeValidation: choice('IGNORE', 'ENFORCE'),
      ContactChannelId: arn,
      Note: text({ min: 1, max: 2048 }),
    },
  ),
  (input, engine) =>
    engine.engagements.accept({
      page: input.PageId,
      type: input.AcceptType,
      code: input.AcceptCode,
      ignoreCode: input.AcceptCodeValidation === 'IGNORE',
      channel: input.ContactChannelId,
    }),
);

/** Engagements, and the pages that come of them. */
export const engagementOperations: readonly RpcOperation[] = [
  startEngagement,
  stopEngagement,
  describeEngagement,
  listEngagements,
  listPagesByEngagement,
  listPagesByContact,
  describePage,
  listPageReceipts,
  listPageResolutions,
  acceptPage,
];
