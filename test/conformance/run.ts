import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startWorld } from '../support/world.ts';
import { openAccount } from './account.ts';
import { loadModels } from './account-state.ts';
import { compareAccounts, findingsTable } from './runner.ts';

const USAGE = `Compares the practice world's Incident Manager with a real account's, behaviour by behaviour.

  npm run conformance -- --profile NAME [--region REGION] [--write] [--page-contact ALIAS]
  npm run conformance -- --endpoint URL

  --profile NAME        the AWS profile to ask with; only reads, unless told otherwise below
  --region REGION       where the account's Incident Manager is; without it, the profile's own region
  --write               also makes contacts, rotations, response plans and incidents named oncall-conformance-*, and deletes
                        them again. Nobody is paged: no channel is activated, no code is sent, and nobody is engaged.
                        Each incident leaves an OpsItem behind in Systems Manager, as every incident does.
  --page-contact ALIAS  also engages this contact, once: that person's phone rings
  --endpoint URL        asks what answers there instead of AWS: another practice world. Not moto: its server knows neither
                        ssm-incidents nor ssm-contacts.

What is printed names members, types and errors, and never a value out of the account. It needs python3 with botocore
(pip install botocore), whose model of the API says how to ask. Exit code: 0 nothing differs, 1 something does, 2 usage.
`;

interface Wish {
  profile: string | undefined;
  endpoint: string | undefined;
  region: string | undefined;
  write: boolean;
  pageable: string | undefined;
}

function wish(argv: string[]): Wish | null {
  const text = { type: 'string' } as const;
  const options = {
    profile: text,
    endpoint: text,
    region: text,
    write: { type: 'boolean' },
    'page-contact': text,
  } as const;
  try {
    const { values } = parseArgs({ args: argv, options });
    const { profile, endpoint, region, write = false, 'page-contact': pageable } = values;
    if ((profile === undefined) === (endpoint === undefined)) return null;
    return { profile, endpoint, region, write, pageable };
  } catch {
    return null;
  }
}

/**
 * Runs the comparison.
 * @param say gets what is to be printed.
 * @returns the exit code.
 */
export async function runConformance(argv: string[], say: (text: string) => void): Promise<number> {
  const asked = wish(argv);
  if (!asked) {
    say(USAGE);
    return 2;
  }
  if (asked.profile !== undefined) process.env.AWS_PROFILE = asked.profile;
  const models = loadModels();
  const theirs = await openAccount(models, asked);
  const world = await startWorld({ scenario: 'quiet' });
  try {
    const ours = await openAccount(models, { endpoint: world.env.AWS_ENDPOINT_URL, region: 'us-west-2' });
    const { body } = await theirs.send('ssm-incidents', 'ListReplicationSets', {});
    const enabled = Array.isArray(body.replicationSetArns) && body.replicationSetArns.length > 0;
    if (!enabled) {
      say('This account has no replication set: it is compared with an account that never had Incident Manager.\n\n');
      world.sandbox.world.incidentManager.setEnabled(false);
    }
    const prefix = `oncall-conformance-${randomBytes(4).toString('hex')}`;
    if (enabled && asked.write) say(`What is made here, and deleted again, begins with ${prefix}.\n\n`);
    const { write, pageable } = asked;
    const left: string[] = [];
    const options = {
      ...{ write: write && enabled, pageable, enabled, prefix, now: Date.now },
      left: (operation: string, error: string) => void left.push(`${operation}: ${error}`),
    };
    const findings = await compareAccounts(models, { theirs, ours }, options);
    say(findingsTable(findings));
    if (left.length > 0) {
      say(
        `\nNot everything could be taken away again (${left.join(', ')}). Look for names that begin with ${prefix}.\n`,
      );
    }
    return findings.some(({ verdict }) => verdict === 'different') ? 1 : 0;
  } finally {
    await world.close();
  }
}
