import type { ConnectionSettings } from '../../../config/settings.ts';
import type { Environment } from '../../processes.ts';
import type { End, SignInWay } from '../../sign-in.ts';
import { awsEnds, awsSignInWay } from './aws-profile.ts';
import type { Session } from './session.ts';

interface Facts {
  settings: ConnectionSettings;
  env?: Environment;
}

/** How one signs in to AWS. A practice world brings its own keys. */
export async function signInWay({ settings, env = {} }: Facts): Promise<SignInWay> {
  if (settings.world === 'sandbox') return { command: null, hint: null };
  return awsSignInWay(settings.aws.profile, env);
}

/** What of the sign-in to AWS runs out. @throws AUTH when there is none */
export async function ends(session: Session, { settings, env = {} }: Facts): Promise<End[]> {
  if (settings.world === 'sandbox') return [];
  const credentialsEnd = await session.line.credentialsEnd();
  return awsEnds(settings.aws.profile, { env, credentialsEnd });
}
