import assert from 'node:assert/strict';
import { parseDocumentText } from '../../../src/lib/config/document.ts';
import { knownKeys } from '../../../src/lib/config/schema.ts';
import type { OncallError } from '../../../src/lib/errors.ts';

function complaint(text: string): OncallError {
  try {
    parseDocumentText(text, 'oncall.yaml');
  } catch (error) {
    return error as OncallError;
  }
  throw new assert.AssertionError({ message: `accepted: ${text}` });
}

describe('a configuration file that is not valid', () => {
  const table: [what: string, text: string, place: string, words: RegExp][] = [
    ['empty', '', '1:1', /version: must be 1/],
    ['a list', '- a', '1:1', /the file: must be a group of keys, not a list/],
    ['of another version', 'version: 2', '1:10', /version: must be 1/],
    ['broken YAML', 'version: 1\nteam: "x', '2:9', /not valid YAML/],
    ['indented with tabs', 'version: 1\nservices:\n\tapi: {}', '3:1', /not valid YAML: Tabs are not allowed/],
    ['saying one thing twice', 'version: 1\nteam: a\nteam: b', '3:1', /not valid YAML: Map keys must be unique/],
    ['two documents', 'version: 1\n---\nversion: 1', '2:1', /not valid YAML: Source contains multiple documents$/],
    ['with an alias of nothing', 'version: 1\nteam: *nobody', '1:1', /not valid YAML: Unresolved alias/],
    ['with a key that is a list', 'version: 1\n? [a]\n: b', '2:3', /not valid YAML: all keys must be strings/],
    ['with a mistyped key', 'version: 1\nservces: {}', '2:1', /unknown key "servces"\. Did you mean "services"\?/],
    [
      'with a mistyped key of a service',
      'version: 1\nservices:\n  api:\n    repositry: a/b',
      '4:5',
      /unknown key "repositry" in services\.api\. Did you mean "repository"\?/,
    ],
    [
      'with a mistyped key of a query',
      'version: 1\nservices:\n  api:\n    queries:\n      up: {expr: up, limt: 5}',
      '5:22',
      /unknown key "limt" in services\.api\.queries\.up\. Did you mean "limit"\?/,
    ],
    [
      'with a mistyped key of an environment',
      'version: 1\nenvironments:\n  staging:\n    kubernets: {}',
      '4:5',
      /unknown key "kubernets" in environments\.staging\. Did you mean "kubernetes"\?/,
    ],
    [
      'with a service that is empty',
      'version: 1\nservices:\n  api:',
      '3:7',
      /services\.api: must be a group of keys, not empty/,
    ],
    ['with a number for a text', 'version: 1\nteam: 5', '2:7', /team: must be text, not a number/],
    [
      'with a query that lacks its expression',
      'version: 1\nservices: {api: {queries: {up: {unit: s}}}}',
      '2:32',
      /expr: is missing/,
    ],
    [
      'with an address that is none',
      'version: 1\nprometheus: {url: here}',
      '2:19',
      /url: must be an address such as https/,
    ],
    [
      'with a region that is none',
      'version: 1\naws: {region: Oregon}',
      '2:15',
      /must be an AWS region such as us-west-2/,
    ],
    ['with a repository that is none', 'version: 1\nservices: {api: {repository: api}}', '2:30', /must be owner\/name/],
    ['of an unknown world', 'version: 1\nworld: staging', '2:8', /world: /],
    ['with a GitHub token', 'version: 1\nteam: ghp_0123456789abcdefghij', '2:7', /team looks like a secret/],
    ['with an AWS key', 'version: 1\nteam: AKIAABCDEFGHIJKLMNOP', '2:7', /team looks like a secret/],
    [
      'with a password in an address',
      'version: 1\nprometheus: {url: "https://u:hunter2@x.example"}',
      '2:19',
      /looks like a secret/,
    ],
    ['with a webhook', 'version: 1\nteam: https://discord.com/api/webhooks/1/abc', '2:7', /looks like a secret/],
    ['with a private key', 'version: 1\nteam: "-----BEGIN RSA PRIVATE KEY-----"', '2:7', /looks like a secret/],
    ['with a phone number', 'version: 1\nteam: "+15550100199"', '2:7', /team looks like a phone number/],
    [
      'with a phone number as people write it',
      'version: 1\nteam: "+1 (555) 010-0199"',
      '2:7',
      /looks like a phone number/,
    ],
  ];
  for (const [what, text, place, words] of table) {
    it(`is told so when it is ${what}`, () => {
      const error = complaint(text);
      assert.equal(error.code, 'CONFIG');
      const [first, ...lines] = error.message.split('\n');
      assert.equal(first, 'The configuration is not valid.');
      const line = lines.find((one) => words.test(one));
      assert.ok(line, error.message);
      assert.ok(line.startsWith(`oncall.yaml:${place}: `), line);
      assert.match(error.hint ?? '', /Open oncall\.yaml at line \d+/);
    });
  }

  it('is told all at once, in the order of the file', () => {
    const { message, hint } = complaint('version: 1\nteam: 5\nservces: {}\naws: {regin: x}');
    const places = [...message.matchAll(/^oncall\.yaml:(\d+):/gm)].map(([, line]) => Number(line));
    assert.deepEqual(places, [2, 3, 4]);
    assert.match(hint ?? '', /at line 2/);
  });

  it('never repeats the secret that it found', () => {
    const { message, hint } = complaint('version: 1\nteam: ghp_0123456789abcdefghij');
    assert.doesNotMatch(message + hint, /0123456789/);
  });
});

describe('a configuration file that is valid', () => {
  it('tells the line of each key', () => {
    const file = parseDocumentText('version: 1\naws:\n  region: us-west-2\n', 'oncall.yaml');
    assert.equal(file.lineOf(['aws', 'region']), 3);
    assert.equal(file.lineOf(['aws', 'profile']), null);
  });
  it('may use anchors, and numbers as names', () => {
    const { content } = parseDocumentText(
      'version: 1\nservices:\n  1: &one {namespace: x}\n  2: *one\n',
      'oncall.yaml',
    );
    assert.deepEqual(content.services, { 1: { namespace: 'x' }, 2: { namespace: 'x' } });
  });
  it('may hold expressions that begin with a plus', () => {
    parseDocumentText('version: 1\nservices: {api: {queries: {a: "+ sum(up)"}}}', 'oncall.yaml');
  });
});

describe('the keys that are known', () => {
  const table: [path: string[], key: string][] = [
    [[], 'services'],
    [['aws'], 'region'],
    [['services', 'anything'], 'repository'],
    [['services', 'anything', 'workflows'], 'nonceInput'],
    [['services', 'anything', 'queries', 'any'], 'expr'],
    [['environments', 'staging', 'services', 'x'], 'selector'],
  ];
  for (const [path, key] of table) {
    it(`at ${path.join('.') || 'the top'} include ${key}`, () => assert.ok(knownKeys(path).includes(key)));
  }
  it('are none where anything goes, or nothing', () => {
    assert.deepEqual(knownKeys(['services']), []);
    assert.deepEqual(knownKeys(['nothing', 'there']), []);
  });
});
