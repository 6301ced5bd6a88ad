import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { startWorld, type TestWorld } from '../support/world.ts';

interface Said {
  status: number;
  headers: string;
  body: {
    id?: string;
    content?: string;
    code?: number;
    name?: string;
    retry_after?: number;
    mention_everyone?: boolean;
  };
}

/** The practice world's Discord with nothing but `curl` and the two addresses that `oncall sandbox env` prints. */
describe('curl in the practice world’s Discord', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld({ scenario: 'quiet' });
  });
  afterEach(() => world.close());

  function curl(url: string, ...more: string[]): Promise<Said> {
    return new Promise((resolve, reject) => {
      execFile('curl', ['-sS', '-i', ...more, url], (error, stdout) => {
        if (error) return reject(error);
        const [headers = '', ...body] = stdout.split('\r\n\r\n');
        const text = body.join('\r\n\r\n');
        resolve({
          status: Number(headers.split(' ')[1]),
          headers,
          body: (text ? JSON.parse(text) : {}) as Said['body'],
        });
      });
    });
  }
  const post = (url: string, body: object) =>
    curl(url, '-H', 'content-type: application/json', '-d', JSON.stringify(body));

  it('posts, reads, edits and deletes a message, and what oncall posted', async () => {
    const hook = world.env.ONCALL_DISCORD_RESPONDERS ?? '';
    assert.equal((await curl(hook)).body.name, 'oncall');
    assert.equal((await post(hook, { content: 'quick' })).status, 204);
    const { status, body } = await post(`${hook}?wait=true`, {
      content: 'hi @everyone',
      allowed_mentions: { parse: [] },
    });
    assert.deepEqual([status, body.content, body.mention_everyone], [200, 'hi @everyone', false]);
    const message = `${hook}/messages/${body.id}`;
    assert.equal(
      (await curl(message, '-X', 'PATCH', '-H', 'content-type: application/json', '-d', '{"content":"new"}')).body
        .content,
      'new',
    );
    assert.equal((await curl(message, '-X', 'DELETE')).status, 204);
    assert.equal((await curl(message)).body.code, 10008);
    const ran = await world.oncall(['notify', 'from oncall', '--json']);
    const { ids } = ran.json<{ result: { done: { ids: string[] } } }>().result.done;
    assert.equal((await curl(`${hook}/messages/${ids[0]}`)).body.content, 'from oncall');
  });

  it('meets the limit, and what is wrong with a message', async () => {
    const hook = world.env.ONCALL_DISCORD_CUSTOMERS ?? '';
    assert.equal((await post(hook, { content: 'x'.repeat(2001) })).body.code, 50035);
    assert.equal((await post(hook, {})).body.code, 50006);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => post(hook, { content: `${i}` })));
    const refused = answers.find(({ status }) => status === 429);
    assert.ok(refused);
    assert.ok((refused.body.retry_after ?? 0) <= 2);
    assert.match(refused.headers, /x-ratelimit-remaining: 0/i);
  });
});
