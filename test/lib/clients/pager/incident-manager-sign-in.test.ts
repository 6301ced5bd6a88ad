import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectIncidentManager } from '../../../../src/lib/clients/pager/incident-manager/connect.ts';
import type { Pager } from '../../../../src/lib/clients/pager/pager.ts';
import { failure } from './asking.ts';
import { REGION, ScriptedAws } from './scripted-aws.ts';

describe('Incident Manager: who signs in', () => {
  const names = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_EC2_METADATA_DISABLED', 'AWS_PROFILE'];
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  const kept = new Map<string, string | undefined>();
  const signal = new AbortController().signal;
  let folder: string;
  let aws: ScriptedAws;

  beforeEach(async () => {
    aws = await ScriptedAws.start({ ListContacts: { body: { Contacts: [] } } });
    folder = await mkdtemp(join(tmpdir(), 'oncall-aws-'));
    for (const name of [...names, ...keys]) {
      kept.set(name, process.env[name]);
      delete process.env[name];
    }
    process.env['AWS_CONFIG_FILE'] = join(folder, 'config');
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(folder, 'credentials');
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  });
  afterEach(async () => {
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true });
    await aws.stop();
  });

  function production(profile: string | null): Pager {
    const settings = aws.settings({ world: 'production', aws: { region: REGION, profile, endpoint: aws.endpoint } });
    return connectIncidentManager({ settings, signal });
  }

  it('signs with the profile of the settings, both generations of SDK alike', async () => {
    await writeFile(join(folder, 'config'), '[profile oncall]\nregion = eu-north-1\n');
    await writeFile(
      join(folder, 'credentials'),
      '[oncall]\naws_access_key_id = KEYOFPROFILE\naws_secret_access_key = secret\n',
    );
    const pager = production('oncall');
    await pager.identity();
    await pager.contacts();
    for (const { authorization } of aws.arrived) {
      assert.match(
        authorization,
        /Credential=KEYOFPROFILE\/\d+\/us-west-2\//,
        'the key of the profile, the region of the settings',
      );
    }
  });

  it("never signs with the user's own keys in a practice world", async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'REALKEY';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'real';
    await writeFile(
      join(folder, 'credentials'),
      '[real]\naws_access_key_id = REALPROFILE\naws_secret_access_key = s\n',
    );
    const settings = aws.settings({ aws: { region: REGION, profile: 'real', endpoint: aws.endpoint } });
    const pager = connectIncidentManager({ settings, signal });
    await pager.identity();
    await pager.contacts();
    for (const { authorization } of aws.arrived) assert.match(authorization, /Credential=SANDBOX\//);
  });

  it('names the command that signs in when there are no credentials at all', async () => {
    const error = await failure(production(null).identity());
    assert.equal(error.code, 'AUTH');
    assert.match(error.message, /not signed in to AWS/);
    assert.match(error.hint ?? '', /^Run `aws configure sso`/);
  });

  it('names the profile that does not exist', async () => {
    const error = await failure(production('nobody').contacts());
    assert.equal(error.code, 'AUTH');
    assert.match(error.message, /profile "nobody" gives no credentials/);
    assert.match(error.hint ?? '', /aws configure sso --profile nobody/);
  });

  it('names the sign-in command of a profile whose SSO session has ended or never began', async () => {
    await writeFile(
      join(folder, 'config'),
      '[profile team]\nsso_session = company\nsso_account_id = 000000000000\nsso_role_name = Engineer\n' +
        '[sso-session company]\nsso_start_url = https://sso.example.test/start\nsso_region = us-west-2\n',
    );
    const error = await failure(production('team').identity());
    assert.equal(error.code, 'AUTH');
    assert.match(error.hint ?? '', /^Run `aws sso login --profile team`/);
    assert.equal(aws.arrived.length, 0);
  });
});
