import { ListReplicationSetsCommand } from '@aws-sdk/client-ssm-incidents';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { OncallError } from '../../../errors.ts';
import type { Identity } from '../pager.ts';
import type { AwsLine } from './aws-line.ts';
import { unreadable } from './errors.ts';
import { type Home, parseArn } from './names.ts';

export interface Caller {
  identity: Identity;
  home: Home;
}

/** What these credentials belong to, without the account: `assumed-role/Engineer/sam`, `user/sam`, `root`. */
function principalOf(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

/** Asks STS who the caller is. Needs no permission. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export async function callerOf(line: AwsLine): Promise<Caller> {
  const call = { action: 'sts:GetCallerIdentity' };
  const { Account, Arn } = await line.ask(call, (options) => line.sts.send(new GetCallerIdentityCommand({}), options));
  if (!Account || !Arn) throw unreadable(call);
  const principal = principalOf(Arn);
  return {
    identity: {
      principal,
      account: Account,
      login: principal.includes('/') ? principal.slice(principal.lastIndexOf('/') + 1) : null,
    },
    home: { partition: parseArn(Arn)?.partition ?? Arn.split(':')[1] ?? 'aws', account: Account },
  };
}

/**
 * Whether Incident Manager was ever set up. In an account where it was not, lists of incidents are simply empty; only
 * a missing replication set tells. A caller who may not look is taken to be in an account that has one.
 */
export async function replicated(line: AwsLine): Promise<boolean> {
  try {
    const { replicationSetArns } = await line.ask({ action: 'ssm-incidents:ListReplicationSets' }, (options) =>
      line.incidents.send(new ListReplicationSetsCommand({ maxResults: 1 }), options),
    );
    return (replicationSetArns ?? []).length > 0;
  } catch (error) {
    if (!(error instanceof OncallError)) throw error;
    if (error.code === 'NOT_ENABLED') return false;
    if (error.code === 'AUTH' && error.cause instanceof Error && error.cause.name === 'AccessDeniedException')
      return true;
    throw error;
  }
}
