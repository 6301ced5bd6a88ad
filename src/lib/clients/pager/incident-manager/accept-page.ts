import { AcceptPageCommand, DescribePageCommand } from '@aws-sdk/client-ssm-contacts';
import { OncallError } from '../../../errors.ts';
import { cut } from './message-limits.ts';
import type { Session } from './session.ts';

/** Sent where the code is not looked at; AWS wants six digits all the same. */
const ANY_CODE = '000000';
const CODE = /^\d{6,10}$/;
const LONGEST_NOTE = 2048;

async function hasBeenRead({ line }: Session, PageId: string): Promise<boolean> {
  const page = await line.ask({ action: 'ssm-contacts:DescribePage' }, (options) =>
    line.contacts.send(new DescribePageCommand({ PageId }), options),
  );
  return page.ReadTime !== undefined;
}

function wrongCode(cause: unknown): OncallError {
  return new OncallError('AWS does not accept this code for the page.', {
    code: 'USAGE',
    hint: 'Use the code of the newest message, or leave it out: `oncall ack` lets your AWS sign-in vouch for you.',
    cause,
  });
}

/**
 * Accepts a page: with a code AWS compares it, without one the caller's permissions decide. A page that has been
 * accepted already is as good as done. After a doubtful end it looks, and tries once more if nothing happened.
 * https://docs.aws.amazon.com/incident-manager/latest/APIReference/API_SSMContacts_AcceptPage.html
 * @throws USAGE for a wrong code
 */
export async function acceptPage(
  session: Session,
  pageId: string,
  answer: { code?: string; note?: string },
): Promise<void> {
  const { line, names } = session;
  const code = answer.code?.replace(/\s/g, '');
  if (code !== undefined && !CODE.test(code)) {
    throw new OncallError('The code of a page is 6 to 10 digits.', {
      code: 'USAGE',
      hint: 'Copy it from the message, or leave it out: `oncall ack`.',
    });
  }
  const PageId = await names.contactsArn('page', pageId);
  const accept = () =>
    line.tell({ action: 'ssm-contacts:AcceptPage', about: `page ${pageId}` }, (options) =>
      line.contacts.send(
        new AcceptPageCommand({
          PageId,
          AcceptType: 'READ',
          AcceptCode: code ?? ANY_CODE,
          AcceptCodeValidation: code === undefined ? 'IGNORE' : 'ENFORCE',
          ...(answer.note ? { Note: cut(answer.note, LONGEST_NOTE) } : {}),
        }),
        options,
      ),
    );
  try {
    await accept();
  } catch (error) {
    const refused = error instanceof OncallError && error.code === 'FAILED';
    const doubtful = error instanceof OncallError && error.code === 'UNAVAILABLE';
    if (!refused && !doubtful) throw error;
    const read = await hasBeenRead(session, PageId).catch(() => {
      throw error;
    });
    if (read) return;
    if (refused) throw code === undefined ? error : wrongCode(error.cause);
    await accept();
  }
}
