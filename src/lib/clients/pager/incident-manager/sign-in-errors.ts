import { OncallError } from '../../../errors.ts';
import type { FailedCall } from './errors.ts';

const EXPIRED = /^(ExpiredToken|TokenRefreshRequired|Unauthorized)(Exception)?$/;
const INVALID =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken)(Exception)?$/;
/** Thrown on this side, while credentials are looked for. */
const NONE = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);

/** The option that names the profile, ready to paste. */
function profileOption(profile: string | null): string {
  if (!profile) return '';
  return ` --profile ${/^[\w.@:/-]+$/.test(profile) ? profile : `'${profile.replaceAll("'", "'\\''")}'`}`;
}

function auth(failed: FailedCall, message: string, hint: string): OncallError {
  return new OncallError(message, { code: 'AUTH', hint, cause: failed.error });
}

/** What the credentials that were looked for lack, and the command that gets them. */
function notSignedIn(failed: FailedCall, option: string): OncallError {
  const { message } = failed.failure;
  const { profile } = failed.settings.aws;
  if (/profile.* could not be found|could not find .*profile/i.test(message)) {
    return auth(
      failed,
      `There is no AWS profile ${profile ? `"${profile}"` : 'by the chosen name'} on this machine.`,
      `Run \`aws configure sso${option}\` to create it, or name another one in \`aws.profile\`.`,
    );
  }
  if (/aws login/i.test(message)) return auth(failed, 'Your AWS sign-in has expired.', `Run \`aws login${option}\`.`);
  if (/sso|token is expired|has expired/i.test(message)) {
    return auth(failed, 'Your AWS sign-in has expired.', `Run \`aws sso login${option}\`.`);
  }
  return profile
    ? auth(
        failed,
        `The AWS profile "${profile}" gives no credentials.`,
        `Run \`aws sso login${option}\`, or \`aws configure sso${option}\` if this machine does not have the profile yet.`,
      )
    : auth(
        failed,
        'You are not signed in to AWS: no credentials were found.',
        'Run `aws configure sso` and name the profile in `aws.profile`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      );
}

/** The error when AWS does not know who is calling; null when that is not what failed. */
export function signInError(failed: FailedCall): OncallError | null {
  const { name, message } = failed.failure;
  const option = profileOption(failed.settings.aws.profile);
  if (NONE.has(name)) return notSignedIn(failed, option);
  if (EXPIRED.test(name) || (INVALID.test(name) && /expired/i.test(message))) {
    return auth(
      failed,
      'Your AWS sign-in has expired.',
      `Run \`aws sso login${option}\`; if your keys come from the shell, set fresh ones.`,
    );
  }
  if (INVALID.test(name)) {
    return auth(
      failed,
      'AWS does not accept your credentials.',
      `Run \`aws sso login${option}\`; if your keys come from the shell or a file, check them with \`aws sts get-caller-identity${option}\`.`,
    );
  }
  return null;
}

/** The error when AWS knows the caller, who may not do this: names the action to ask for. */
export function noAccess(failed: FailedCall): OncallError {
  const { message } = failed.failure;
  // The message names the action that is missing, which may be another than the one asked for: StartIncident needs
  // ssm-contacts:StartEngagement of its caller, and a role may first have to be assumed.
  const action = /not authorized to perform:? ([\w-]+:\w+)/i.exec(message)?.[1] ?? failed.call.action;
  const denied = /explicit deny/i.test(message);
  return auth(
    failed,
    denied ? `A policy of your company forbids you ${action}.` : `Your AWS role lacks the permission ${action}.`,
    denied
      ? `Ask whoever manages AWS which policy denies \`${action}\`.`
      : `Ask whoever manages AWS to allow \`${action}\` for your role.`,
  );
}
