import type { Exchange } from '../../exchange.ts';

/** Decides which access keys AWS takes for expired. */
export interface CredentialGate {
  isExpired(accessKeyId: string): boolean;
}

export const NOBODY_EXPIRED: CredentialGate = { isExpired: () => false };

/** Why AWS turns a request away before it looks at what it asks for. */
export interface Rejection {
  status: number;
  code: string;
  message: string;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/[^/]+\/[^/]+\/aws4_request/;

/**
 * Looks at who signed the request. The signature itself is not checked: the sandbox knows no secrets.
 * https://docs.aws.amazon.com/incident-manager/latest/APIReference/CommonErrors.html
 * @returns null when the request may go on.
 */
export function rejection(exchange: Exchange, gate: CredentialGate): Rejection | null {
  const authorization = exchange.header('authorization');
  if (!authorization) {
    return { status: 403, code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' };
  }
  const accessKeyId = CREDENTIAL.exec(authorization)?.[1];
  if (!accessKeyId) {
    const message = `Authorization header requires 'Credential' parameter with a full scope. Authorization=${authorization.split(' ')[0]}`;
    return { status: 400, code: 'IncompleteSignatureException', message };
  }
  if (gate.isExpired(accessKeyId)) {
    const message = 'The security token included in the request is expired';
    return { status: 403, code: 'ExpiredTokenException', message };
  }
  return null;
}

/** The one identity that the practice account knows: the engineer on call, signed in through a role. */
export function callerArn(account: string): string {
  return `arn:aws:sts::${account}:assumed-role/oncall-responder/sam`;
}
