import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { awsEnds, awsSignInWay } from '../../../../src/lib/clients/pager/incident-manager/aws-profile.ts';

describe('how one signs in to AWS, and until when', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'oncall-aws-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
  const way = (profile: string | null, env: Record<string, string> = {}) =>
    awsSignInWay(profile, { HOME: home, DISPLAY: ':0', ...env });

  it('is the program that the profile’s kind of sign-in wants', async () => {
    await write(
      '.aws/config',
      `[default]
sso_start_url=https://old.awsapps.test/start
# a comment = nothing
[profile team]
sso_session = work
[profile "deep"]
role_arn = arn:aws:iam::1:role/oncall
source_profile = team
[profile web]
login_session = arn:aws:iam::1:user/sam
[profile tool]
credential_process = /bin/give
[profile round]
source_profile = round
[sso-session work]
sso_start_url = https://work.awsapps.test/start
`,
    );
    await write('.aws/credentials', '[keys]\naws_access_key_id = A\naws_secret_access_key = B\n');
    const table: [profile: string | null, command: string | null, hint: RegExp | null][] = [
      [null, 'aws sso login', null],
      ['team', 'aws sso login --profile team', null],
      ['deep', 'aws sso login --profile deep', null],
      ['web', 'aws login --profile web', null],
      ['tool', null, /credential_process/],
      ['keys', null, /`aws configure --profile keys`/],
      ['round', null, /aws configure/],
      ['nobody', 'aws configure sso --profile nobody', /no AWS profile "nobody" yet/],
    ];
    for (const [profile, command, hint] of table) {
      const found = await way(profile);
      assert.equal(found.command?.join(' ') ?? null, command, profile ?? 'default');
      if (hint) assert.match(found.hint ?? '', hint);
      else assert.equal(found.hint, null);
    }
    assert.match((await way(null, { AWS_ACCESS_KEY_ID: 'A' })).hint ?? '', /keys come from this shell/);
    assert.deepEqual((await way('team', { AWS_ACCESS_KEY_ID: 'A' })).command?.at(-1), 'team', 'a profile comes first');
  });

  it('needs no browser over ssh or without a display', async () => {
    await write('elsewhere', '[default]\nsso_start_url = https://x.awsapps.test/start\n');
    const env = { AWS_CONFIG_FILE: join(home, 'elsewhere') };
    assert.equal((await way(null, env)).command?.includes('--no-browser'), false);
    assert.equal((await way(null, { ...env, SSH_CONNECTION: '1' })).command?.at(-1), '--no-browser');
    if (process.platform === 'linux')
      assert.equal((await way(null, { ...env, DISPLAY: '' })).command?.at(-1), '--no-browser');
  });

  it('ends with the session in the cache, with the credentials, or with what the shell says', async () => {
    const AT = '2026-11-24T11:10:00.000Z';
    await write(
      '.aws/config',
      '[profile team]\nsso_session = work\n[sso-session work]\nsso_start_url = https://w.test\n[profile keys]\naws_access_key_id = A\n',
    );
    const cache = (name: string) => `.aws/sso/cache/${createHash('sha1').update(name).digest('hex')}.json`;
    const team = (credentialsEnd: number | null = null) => awsEnds('team', { env: { HOME: home }, credentialsEnd });
    assert.deepEqual(await team(), [], 'never signed in');
    await write(cache('work'), '{"expiresAt":"2026-11-24T11:10:00UTC"}');
    assert.deepEqual(await team(), [{ what: 'single sign-on session', at: AT, renewed: false }]);
    await write(cache('work'), '{"expiresAt":"2026-11-24T11:10:00Z","refreshToken":"r"}');
    assert.deepEqual(await team(Date.parse(AT)), [
      { what: 'single sign-on session', at: AT, renewed: true },
      { what: 'credentials', at: AT, renewed: true },
    ]);
    await write(cache('work'), 'not json');
    assert.deepEqual(await team(), []);
    const env = { HOME: home, AWS_ACCESS_KEY_ID: 'A', AWS_CREDENTIAL_EXPIRATION: '2026-11-24T11:10:00+00:00' };
    assert.deepEqual(await awsEnds(null, { env, credentialsEnd: null }), [
      { what: 'credentials', at: AT, renewed: false },
    ]);
  });
});
