import assert from 'node:assert/strict';
import type { Inquiry } from '../../../src/lib/chat/background.ts';
import { customerMessages, questionMessages, responderMessages, wordsToSend } from '../../../src/lib/chat/compose.ts';
import { clipped, dataText, linkText, typedText } from '../../../src/lib/chat/words.ts';
import { failing } from '../../support/connection.ts';

const inquiry: Inquiry = {
  title: 'dolthubapi is down',
  id: '1a2b3c4d',
  service: 'dolthubapi',
  since: Date.UTC(2026, 10, 24, 3, 12),
  takenBy: ['Sam Okafor'],
  resolved: false,
  impact: ['Live instances: 0'],
  tried: ['03:14Z oncall logs dolthubapi (ok)'],
  links: [{ title: 'Graph', url: 'https://prometheus.example.com/graph?g0.expr=sum(up)' }],
  onCall: 'Sam Okafor',
  missing: [],
};

describe('what is said on Discord', () => {
  it('tells customers the words alone, and pings nobody', () => {
    assert.deepEqual(customerMessages('We are on it, @everyone'), [
      { content: 'We are on it, @everyone', allowed_mentions: { parse: [], users: [], roles: [] } },
    ]);
  });

  it('puts the incident under the last part only', () => {
    const messages = responderMessages(`${'line of text\n'.repeat(300)}`, { background: inquiry, from: 'Sam Okafor' });
    assert.equal(messages.length, 2);
    assert.equal(messages[0]?.embeds, undefined);
    assert.match(
      messages[1]?.embeds?.[0]?.description ?? '',
      /\*\*dolthubapi is down\*\* · dolthubapi · since <t:\d+:f>.*Sam Okafor has it/,
    );
    assert.equal(messages[1]?.embeds?.[0]?.footer?.text, 'from Sam Okafor, by oncall');
  });

  it('pings exactly the one role, and only in the part that names it', () => {
    const messages = questionMessages('why? '.repeat(600).trim(), { inquiry, from: null, role: '123456789012345678' });
    assert.ok(messages.length > 1);
    assert.deepEqual(messages[0]?.allowed_mentions, { parse: [], users: [], roles: ['123456789012345678'] });
    for (const message of messages.slice(1))
      assert.deepEqual(message.allowed_mentions, { parse: [], users: [], roles: [] });
  });

  it('attaches what is needed to answer, within the limits of an embed, however much there is', () => {
    const large: Inquiry = {
      ...inquiry,
      title: '*'.repeat(400),
      tried: Array.from({ length: 100 }, (_, i) => `03:${i}Z did something (ok)`),
      links: Array.from({ length: 30 }, (_, i) => ({
        title: `Graph ${i}`,
        url: `https://example.com/${'x'.repeat(100)}${i}`,
      })),
      missing: ['x'.repeat(3000)],
    };
    const embed = questionMessages('why?', { inquiry: large, from: 'Sam', role: null })[0]?.embeds?.[0];
    assert.ok((embed?.title ?? '').length <= 256);
    const sizes = (embed?.fields ?? []).map(({ name, value }) => name.length + value.length);
    for (const { value } of embed?.fields ?? []) assert.ok(value.length <= 1024 && value.length > 0);
    assert.ok(sizes.reduce((sum, size) => sum + size, (embed?.title ?? '').length) < 6000);
    const tried = embed?.fields?.find(({ name }) => name === 'Done so far')?.value ?? '';
    assert.match(tried, /03:99Z did something \(ok\)$/, 'the newest stay, whole');
  });

  it('shows data as data: no mention, no hidden link, no control character', () => {
    const forged = '[sign in](https://evil.example) @everyone <@&123456789012345678> **x**\u001b[2J\nsecond \u202eline';
    const shown = dataText(forged);
    assert.doesNotMatch(shown, /(?<!\\)[[\]<@*]/);
    assert.doesNotMatch(shown, /[\n\u001b\u202e]/);
    const background = { ...inquiry, title: forged, service: forged, takenBy: [forged] };
    const [message] = responderMessages('x', { background, from: forged });
    assert.doesNotMatch(message?.embeds?.[0]?.description ?? '', /(?<!\\)\[sign in/);
  });

  it('names the host of every link, and takes only addresses of the web', () => {
    assert.equal(
      linkText('a [b](c)', 'https://x.example/(y)'),
      '[a \\[b\\](c)](https://x.example/%28y%29) at x.example',
    );
    assert.equal(linkText('x', 'javascript:alert(1)'), null);
  });

  it('keeps what was typed, also joined emoji, but for what no keyboard has', () => {
    assert.equal(typedText('  👩‍🚒 **on\u0007 it**\r\n\u001b[31mred\u202e  '), '👩‍🚒 **on it**\nred');
  });

  it('never ends a cut text with half of a character or a lone backslash', () => {
    assert.equal(clipped('ab😀cd', 4), 'ab…');
    assert.equal(clipped('ab\\*cd', 4), 'ab…');
    assert.equal(clipped('ab\\\\cd', 5), 'ab\\\\…');
  });

  it('refuses nothing, and more than five messages, with the number', () => {
    assert.throws(() => wordsToSend(' \n ', 'notify'), failing('USAGE', /empty.*oncall notify/s));
    assert.throws(
      () => wordsToSend('word '.repeat(2100), 'ask'),
      failing('USAGE', /10499 characters, which makes 6 messages; at most 5/),
    );
    assert.equal(wordsToSend('word '.repeat(1900), 'ask').length, 9499);
  });
});
