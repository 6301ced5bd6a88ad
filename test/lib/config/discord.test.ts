import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../src/lib/config/config.ts';
import { loadConfig } from '../../../src/lib/config/load.ts';
import { failing } from '../../support/connection.ts';

const TEAM = 'https://discord.com/api/webhooks/223704706495545344/team-token';
const CUSTOMERS = 'https://discord.com/api/webhooks/223704706495545345/customers-token';

describe('the webhooks of Discord', () => {
  let home: string;
  let own: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'oncall-discord-'));
    own = join(home, '.config/oncall');
    mkdirSync(own, { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function load(text = 'version: 1\n', env: Record<string, string> = {}): Config {
    writeFileSync(join(home, 'oncall.yaml'), text);
    return loadConfig({ shell: { env, cwd: home, home }, path: null, environment: null, userDirectory: own });
  }
  function write(path: string, text: string, mode = 0o600): void {
    writeFileSync(path, text);
    chmodSync(path, mode);
  }

  it('come from the user’s own file, and the shell comes first', () => {
    write(join(own, 'discord.yaml'), `responders: ${TEAM}\ncustomers: ${CUSTOMERS}\n`);
    const { responders, customers, exposed } = load('version: 1\n', { ONCALL_DISCORD_RESPONDERS: `${TEAM}2` })
      .connection.discord;
    assert.deepEqual(responders, { url: `${TEAM}2`, source: 'ONCALL_DISCORD_RESPONDERS' });
    assert.deepEqual(customers, { url: CUSTOMERS, source: join(own, 'discord.yaml') });
    assert.equal(exposed, false);
  });

  it('come from the file that oncall.yaml names, relative to it', () => {
    write(join(home, 'hooks.yaml'), `responders: ${TEAM}\n`, 0o644);
    const { discord } = load('version: 1\ndiscord:\n  webhooks: hooks.yaml\n').connection;
    assert.equal(discord.responders?.url, TEAM);
    assert.equal(discord.customers, null);
    assert.equal(discord.exposed, true);
  });

  it('are not taken from the shell or the user’s directory in a practice world', () => {
    write(join(own, 'discord.yaml'), `responders: ${TEAM}\n`);
    const { discord } = load('version: 1\nworld: sandbox\n', { ONCALL_DISCORD_CUSTOMERS: CUSTOMERS }).connection;
    assert.deepEqual([discord.responders, discord.customers], [null, null]);
  });

  it('are secrets: known to be removed everywhere, and not among what is shown', () => {
    write(join(own, 'discord.yaml'), `responders: ${TEAM}?thread_id=5\n`);
    const { secrets, origins } = load();
    assert.ok(secrets.includes('team-token') && secrets.includes(TEAM));
    assert.deepEqual(
      origins.filter(({ key }) => key.startsWith('discord.')),
      [{ key: 'discord.responders', value: 'set', source: join(own, 'discord.yaml') }],
    );
    assert.doesNotMatch(JSON.stringify(origins), /team-token/);
  });

  it('fail no loading when their file is broken: the words are kept for those who want to post', () => {
    for (const [text, words] of [
      ['responders: [x', /is not valid YAML/],
      ['- a list', /must hold `responders: URL`/],
      ['team: x', /key "team"; only responders and customers/],
      ['responders:\n  - x', /one address for responders/],
    ] as const) {
      write(join(own, 'discord.yaml'), text);
      assert.match(load().connection.discord.problem ?? '', words);
    }
    write(join(own, 'discord.yaml'), '');
    assert.equal(load().connection.discord.problem, null);
  });

  it('are refused in oncall.yaml itself, with the place where they belong', () => {
    for (const text of [`discord:\n  webhooks: ${TEAM}`, `discord:\n  responders: ${TEAM}`]) {
      assert.throws(
        () => load(`version: 1\n${text}\n`),
        (error: Error) => {
          failing('CONFIG', /secret.*~\/\.config\/oncall\/discord\.yaml.*ONCALL_DISCORD_RESPONDERS/s)(error);
          assert.doesNotMatch(error.message, /team-token/);
          return true;
        },
      );
    }
    assert.throws(
      () => load('version: 1\ndiscord:\n  webhooks: https://example.com/x\n'),
      failing('CONFIG', /path of a file/),
    );
  });

  it('may ping a role by its id, written as text', () => {
    assert.equal(
      load('version: 1\ndiscord:\n  mentionRole: "1234567890123456789"\n').connection.discord.mentionRole,
      '1234567890123456789',
    );
    assert.throws(() => load('version: 1\ndiscord:\n  mentionRole: oncall\n'), failing('CONFIG', /id of a role/));
  });
});
