import type { ConnectionSettings } from '../../../config/settings.ts';
import { type ErrorCode, OncallError } from '../../../errors.ts';
import { plain } from '../../../text/plain.ts';
import { unreachable } from '../../outbound.ts';
import type { Call } from './aws-line.ts';
import type { Failure } from './failures.ts';
import { noAccess, signInError } from './sign-in-errors.ts';

export interface FailedCall {
  error: unknown;
  failure: Failure;
  call: Call;
  /** Whether it would have changed something. */
  write: boolean;
  settings: ConnectionSettings;
}

const SERVICES: Readonly<Record<string, string>> = {
  'ssm-incidents': 'Incident Manager',
  'ssm-contacts': 'Incident Manager (contacts)',
  sts: "AWS's sign-in service (STS)",
};
const LONGEST_QUOTE = 300;

/** The error in the user's words for whatever a request to AWS ended with. */
export function explain(failed: FailedCall): OncallError {
  const { error, failure, call, settings } = failed;
  const service = call.action.slice(0, call.action.indexOf(':'));
  const what = SERVICES[service] ?? 'AWS';
  switch (failure.kind) {
    case 'network': {
      const url = settings.aws.endpoint ?? `https://${service}.${settings.aws.region}.amazonaws.com`;
      return doubted(failed, unreachable(what, { url, world: settings.world }, error));
    }
    case 'server':
      return doubted(
        failed,
        told(failed, `${what} failed on its side during ${call.action}.`, 'UNAVAILABLE', 'Try again in a moment.'),
      );
    case 'unreadable':
      return doubted(failed, unreadable(call, error));
    case 'throttled':
      return throttled(failed, what);
    case 'clock':
      return clockIsOff(failed);
    case 'unsent':
      return signInError(failed) ?? told(failed, `${call.action} was not sent: ${quoted(failure.message)}`, 'FAILED');
    case 'refused':
      return refused(failed, what);
  }
}

/** The error for an answer that is not what AWS promises: cut short, empty, or not AWS at all. */
export function unreadable(call: Call, cause?: unknown): OncallError {
  return new OncallError(`The answer to ${call.action} could not be read.`, {
    code: 'UNAVAILABLE',
    hint: 'Try again. If it stays so, check with `oncall doctor` what answers at that address.',
    cause,
  });
}

/** The error for an account that never had Incident Manager. */
export function notEnabled(region: string, cause?: unknown): OncallError {
  return new OncallError(
    `Incident Manager is not set up in this AWS account (region ${region}), and it can no longer be: AWS closed it to ` +
      'new customers on 7 November 2025. Accounts that had it before go on as they were.',
    {
      code: 'NOT_ENABLED',
      hint:
        'Run `oncall sandbox start` to use everything against the practice world. If your company does have Incident ' +
        'Manager, check `aws.region` and `aws.profile` in oncall.yaml.',
      cause,
    },
  );
}

/** AWS's own words, short, on one line, and without the ARNs around the names. */
export function quoted(message: string): string {
  const words = plain(message).replace(/arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:(\S+)/g, '$1');
  return words.length > LONGEST_QUOTE ? `${words.slice(0, LONGEST_QUOTE)}…` : words;
}

function told({ error }: FailedCall, message: string, code: ErrorCode, hint?: string): OncallError {
  return new OncallError(message, { code, hint, cause: error });
}

/** The same error, for a write whose end is not known. */
export function mayHaveHappened(error: OncallError): OncallError {
  return new OncallError(`${error.message} It may have been done all the same.`, {
    code: error.code,
    hint: 'Look with `oncall incident timeline` whether it was done before you repeat it.',
    cause: error.cause,
  });
}

function doubted({ failure, write }: FailedCall, error: OncallError): OncallError {
  return write && failure.doubtful ? mayHaveHappened(error) : error;
}

function quotaOf(error: unknown): string {
  const codes = error as Record<'quotaCode' | 'QuotaCode' | 'serviceCode' | 'ServiceCode', unknown>;
  const named = [codes.serviceCode ?? codes.ServiceCode, codes.quotaCode ?? codes.QuotaCode].filter(
    (code) => typeof code === 'string' && code,
  );
  return named.length > 0 ? ` (quota ${named.join(' ')})` : '';
}

function throttled(failed: FailedCall, what: string): OncallError {
  const { error, failure, call } = failed;
  const wait = failure.retryAfter === null ? 'a moment' : `${Math.ceil(failure.retryAfter / 1000)} s`;
  return told(
    failed,
    `${what} takes no more ${call.action} requests from this account for now${quotaOf(error)}.`,
    'RATE_LIMITED',
    `Try again in ${wait}.`,
  );
}

function clockIsOff(failed: FailedCall): OncallError {
  const { clockAhead } = failed.failure;
  const minutes = clockAhead === null ? 0 : Math.round(Math.abs(clockAhead) / 60_000);
  const off = minutes === 0 ? 'off' : `${minutes} min ${(clockAhead ?? 0) > 0 ? 'ahead' : 'behind'}`;
  return told(
    failed,
    `AWS refuses the signature: this machine's clock is ${off}.`,
    'AUTH',
    'Set the clock of this machine, then try again.',
  );
}

function fieldsOf(error: unknown): string {
  const listed = (error as { Fields?: { Name?: string; Message?: string }[] }).Fields;
  if (!Array.isArray(listed) || listed.length === 0) return '';
  return ` ${listed.map((field) => `${field.Name ?? '?'}: ${field.Message ?? '?'}`).join('; ')}`;
}

function refused(failed: FailedCall, what: string): OncallError {
  const { error, failure, call, settings } = failed;
  const signIn = signInError(failed);
  if (signIn) return signIn;
  const fields = fieldsOf(error);
  const empty = failure.message === '' || failure.message === 'UnknownError';
  switch (failure.name) {
    case 'AccessDeniedException':
    case 'AccessDenied':
      return noAccess(failed);
    case 'UnsupportedOperationException':
      return notEnabled(settings.aws.region, error);
    case 'ResourceNotFoundException':
      // What most operations answer in an account without Incident Manager.
      if ((error as { resourceType?: unknown }).resourceType === 'REPLICATION_SET') {
        return notEnabled(settings.aws.region, error);
      }
      return told(failed, call.about ? `There is no ${call.about}.` : `${what} knows no such thing.`, 'NOT_FOUND');
    case 'ServiceQuotaExceededException':
      return told(
        failed,
        `${call.action} would go over a limit of this AWS account${quotaOf(error)}.`,
        'FAILED',
        'Ask whoever manages AWS to raise the quota in Service Quotas.',
      );
    case 'ValidationException':
      if (/account not found/i.test(failure.message)) return notEnabled(settings.aws.region, error);
      // Seen in accounts without Incident Manager: https://github.com/hashicorp/terraform-provider-aws/issues/33135
      if (empty && !fields) {
        return told(
          failed,
          `${what} refused ${call.action} and gave no reason.`,
          'FAILED',
          'Run `oncall doctor`: an account in which Incident Manager was never set up gets this answer.',
        );
      }
  }
  const words = empty ? '' : `: ${quoted(failure.message).replace(/\.$/, '')}`;
  return told(failed, `${what} refused ${call.action}${words}.${quoted(fields)}`, 'FAILED');
}
