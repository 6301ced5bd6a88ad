import { ListRelatedItemsCommand, type RelatedItem, UpdateRelatedItemsCommand } from '@aws-sdk/client-ssm-incidents';
import { OncallError } from '../../../errors.ts';
import type { Pager } from '../pager.ts';
import { everyPage } from './every-page.ts';
import { incidentArn } from './incidents.ts';
import { cut } from './message-limits.ts';
import type { Session } from './session.ts';

const LONGEST_URL = 1000;
const LONGEST_TITLE = 200;

/** The web addresses among an incident's related items. */
export async function listLinks(session: Session, incidentId: string): Promise<{ title: string; url: string }[]> {
  const { line } = session;
  const incidentRecordArn = await incidentArn(session, incidentId);
  const items = await everyPage<RelatedItem>(async (nextToken) => {
    const answer = await line.ask({ action: 'ssm-incidents:ListRelatedItems' }, (options) =>
      line.incidents.send(new ListRelatedItemsCommand({ incidentRecordArn, nextToken, maxResults: 100 }), options),
    );
    return { items: answer.relatedItems, next: answer.nextToken };
  });
  return items.flatMap(({ title, identifier }) => {
    const url = identifier?.value?.url;
    return url ? [{ title: title ?? url, url }] : [];
  });
}

/** Attaches a link unless it is there already; the token covers two of us doing so at once. */
export async function addLink(session: Session, incidentId: string, link: Parameters<Pager['addLink']>[1]) {
  if (link.url.length > LONGEST_URL) {
    throw new OncallError(`The link "${cut(link.title, 60)}" is longer than the ${LONGEST_URL} characters AWS takes.`, {
      code: 'FAILED',
      hint: 'Put it in a note instead: `oncall note …`.',
    });
  }
  const { line } = session;
  if ((await listLinks(session, incidentId)).some(({ url }) => url === link.url)) return;
  const incidentRecordArn = await incidentArn(session, incidentId);
  const itemToAdd: RelatedItem = {
    identifier: { type: 'OTHER', value: { url: link.url } },
    title: cut(link.title, LONGEST_TITLE),
  };
  await line.ask({ action: 'ssm-incidents:UpdateRelatedItems', about: `incident ${incidentId}` }, (options) =>
    line.incidents.send(
      new UpdateRelatedItemsCommand({ incidentRecordArn, relatedItemsUpdate: { itemToAdd }, clientToken: link.token }),
      options,
    ),
  );
}
