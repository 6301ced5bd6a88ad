import assert from 'node:assert/strict';
import { jsonLine, plain, plainLines } from '../../../src/lib/text/plain.ts';
import { Redactor } from '../../../src/lib/text/redact.ts';

describe('JSON for a terminal', () => {
  it('reads back unchanged, and holds nothing that a terminal obeys', () => {
    const value = { text: 'a\u001b[2Jb\u007f\u009b2J\u202ec\u2028\ufeff\u{e0041} Überlast 負荷 🔥\n' };
    const line = jsonLine(value);
    assert.deepEqual(JSON.parse(line), value);
    assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\ufeff]|[\u{e0000}-\u{e007f}]/u);
    assert.match(line, /Überlast 負荷 🔥/);
  });
});

describe('foreign text', () => {
  const table: [what: string, text: string, shown: string][] = [
    ['ordinary words in any script', 'Überlast 負荷 🔥', 'Überlast 負荷 🔥'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['moves of the cursor', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a one-byte escape', 'a\u009b2Jb', 'ab'],
    ['a title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a link', '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007', 'click'],
    ['a line of its own', 'one\r\n✔ two', 'one ✔ two'],
    ['a line over this one', 'bad\rgood', 'bad good'],
    ['tabs', 'a\tb', 'a b'],
    ['bells and deletions', 'a\u0007\u0008\u007fb', 'ab'],
    ['text that runs backwards', 'a\u202egpj.exe\u202c', 'agpj.exe'],
    ['letters that nobody sees', 'pay\u200bpal\ufeff\u2060', 'paypal'],
    ['other line ends', 'a\u2028b\u2029c\u0085d', 'abcd'],
    ['tags', `a${String.fromCodePoint(0xe0041)}b`, 'ab'],
  ];
  for (const [what, text, shown] of table) {
    it(`is shown harmless: ${what}`, () => assert.equal(plain(text), shown));
  }

  it('keeps its lines and tabs where lines are wanted, and nothing else', () => {
    assert.equal(plainLines('a\r\nb\tc\rd\u001b[1m!'), 'a\nb\tc\nd!');
  });

  it('is left without any control character, whatever it was', () => {
    const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('x');
    assert.doesNotMatch(plain(all), /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/);
  });
});

describe('a secret', () => {
  const shapes: [what: string, text: string, left: RegExp][] = [
    ['a GitHub token', 'ghp_0123456789abcdefABCDEF', /^ghp_«redacted»$/],
    ['a fine-grained GitHub token', 'github_pat_11ABCDEFG0123456789', /^github_pat_«redacted»$/],
    ['an AWS key', 'key AKIAIOSFODNN7EXAMPLE.', /^key AKIA«redacted»\.$/],
    ['a JSON web token', 'eyJhbGciOi.eyJzdWIiOi.SflKxwRJSMeK', /^«redacted»$/],
    ['an EKS token', 'k8s-aws-v1.aHR0cHM6Ly9zdHM', /^k8s-aws-v1\.«redacted»$/],
    ['a Discord webhook', 'https://discord.com/api/webhooks/1/aBc-d', /webhooks\/1\/«redacted»$/],
    ['a Slack webhook', 'https://hooks.slack.com/services/T0/B0/xyz', /services\/«redacted»$/],
    ['a bearer header', 'Authorization: Bearer abcdefghijkl', /Bearer «redacted»$/],
    ['a basic header', 'authorization: Basic dXNlcjpwYXNz', /Basic «redacted»$/],
    ['a password in an address', 'https://u:hunter2@db.example/x', /^https:\/\/u:«redacted»@db\.example\/x$/],
    ['a signature', 'https://x/?X-Amz-Signature=abc&y=1', /X-Amz-Signature=«redacted»&y=1$/],
    ['a password', 'password="correct horse"', /^password="«redacted» horse"$/],
    ['an environment variable', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI', /^AWS_SECRET_ACCESS_KEY=«redacted»$/],
    [
      'a private key',
      '-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----',
      /^-----BEGIN RSA PRIVATE KEY----- «redacted»$/,
    ],
    ['a private key that is cut', 'x -----BEGIN PRIVATE KEY-----\nMIIE', /^x -----BEGIN PRIVATE KEY----- «redacted»$/],
  ];
  for (const [what, text, left] of shapes) {
    it(`is removed when it looks like ${what}`, () => assert.match(new Redactor().clean(text), left));
  }

  for (const text of [
    'Basic authentication required',
    'the token authentication-scheme of the proxy',
    'commit 3f2c1a9b0d4e5f60718293a4b5c6d7e8f9a0b1c2',
    'https://prometheus.example.com/graph?g0.expr=up&g0.tab=0',
    'arn:aws:ssm-incidents::000000000000:incident-record/dolthubapi/3f2c1a9b',
  ]) {
    it(`is not seen in "${text.slice(0, 40)}"`, () => assert.equal(new Redactor().clean(text), text));
  }

  it('is not left in what signs a request to AWS', () => {
    const headers =
      '{"x-amz-security-token":"FwoGZXIvYXdzEXAMPLE","authorization":"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-west-2/sts/aws4_request, Signature=5d672d79c15b13162d9279b0855cfba6"}';
    const cleaned = new Redactor().clean(headers);
    assert.doesNotMatch(cleaned, /FwoGZXIv|AKIDEXAMPLE|5d672d79/);
    assert.match(cleaned, /20261124\/us-west-2\/sts/, 'where it went is no secret');
    assert.doesNotMatch(new Redactor().clean("secretAccessKey: 'wJalrXUtnFEMI'"), /wJalr/);
  });

  it('is removed by its value, in every form it may take', () => {
    const redactor = new Redactor();
    redactor.add('s3cr3t/värde');
    for (const form of [
      's3cr3t/värde',
      encodeURIComponent('s3cr3t/värde'),
      Buffer.from('s3cr3t/värde').toString('base64'),
    ]) {
      assert.doesNotMatch(redactor.clean(`a ${form} b`), /s3cr3t|czNjc/);
    }
  });

  it('is not taken from words so short that they may be ordinary', () => {
    const redactor = new Redactor();
    for (const short of ['', null, undefined, 'sandbox']) redactor.add(short);
    assert.equal(redactor.clean('the sandbox'), 'the sandbox');
  });

  it('is removed anywhere in data, which is otherwise left alone', () => {
    const redactor = new Redactor();
    redactor.add('hunter2hunter2');
    const data = { a: ['hunter2hunter2', { b: 'x hunter2hunter2' }], n: 5, t: true, z: null };
    assert.deepEqual(redactor.cleanDeep(data), {
      a: ['«redacted»', { b: 'x «redacted»' }],
      n: 5,
      t: true,
      z: null,
    });
    assert.equal(data.a[0], 'hunter2hunter2', 'the original is untouched');
  });
});
