import type { Exchange } from '../../exchange.ts';
import type { Face } from '../../face.ts';
import type { Random } from '../../world/random.ts';
import { type CredentialGate, callerArn, NOBODY_EXPIRED, rejection } from '../aws/credentials.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** The Query protocol's own names for what JSON services call `…Exception`. */
const QUERY_CODE: Readonly<Record<string, string>> = {
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  IncompleteSignatureException: 'IncompleteSignature',
  ExpiredTokenException: 'ExpiredToken',
};

function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface StsFaceOptions {
  account: string;
  random: Random;
  credentials?: CredentialGate;
}

/**
 * `sts`, as far as asking who one is. Form-encoded Query protocol with answers in XML.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function stsFace({ account, random, credentials = NOBODY_EXPIRED }: StsFaceOptions): Face {
  function answerXml(exchange: Exchange, status: number, body: (requestId: string) => string): void {
    const requestId = random.uuid();
    const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
    exchange.text(status, `${body(requestId)}\n`, headers);
  }

  function refuse(exchange: Exchange, status: number, code: string, message: string): void {
    answerXml(exchange, status, (requestId) =>
      [
        `<ErrorResponse xmlns="${NAMESPACE}">`,
        `  <Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`,
        `  <RequestId>${requestId}</RequestId>`,
        '</ErrorResponse>',
      ].join('\n'),
    );
  }

  function getCallerIdentity(exchange: Exchange): void {
    answerXml(exchange, 200, (requestId) =>
      [
        `<GetCallerIdentityResponse xmlns="${NAMESPACE}">`,
        '  <GetCallerIdentityResult>',
        `    <Arn>${callerArn(account)}</Arn>`,
        '    <UserId>AROAPRACTICEPRACTICE:sam</UserId>',
        `    <Account>${account}</Account>`,
        '  </GetCallerIdentityResult>',
        `  <ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`,
        '</GetCallerIdentityResponse>',
      ].join('\n'),
    );
  }

  return {
    name: 'sts',
    answer(exchange) {
      const form = new URLSearchParams(exchange.body.toString('utf8'));
      const action = form.get('Action') ?? exchange.query.get('Action') ?? '';
      if (action === 'GetCallerIdentity') exchange.operation = action;
      const rejected = rejection(exchange, credentials);
      if (rejected) {
        refuse(exchange, rejected.status, QUERY_CODE[rejected.code] ?? rejected.code, rejected.message);
      } else if (action === 'GetCallerIdentity') getCallerIdentity(exchange);
      else refuse(exchange, 400, 'InvalidAction', `The sandbox has no operation ${action} of sts`);
    },
  };
}
