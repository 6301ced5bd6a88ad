import assert from 'node:assert/strict';
import {
  AcceptPageCommand,
  DescribePageCommand,
  ListEngagementsCommand,
  ListPageReceiptsCommand,
  ListPageResolutionsCommand,
  ListPagesByContactCommand,
  ListPagesByEngagementCommand,
  type Page,
  StartEngagementCommand,
  StopEngagementCommand,
  UpdateContactCommand,
} from '@aws-sdk/client-ssm-contacts';
import { StartIncidentCommand } from '@aws-sdk/client-ssm-incidents';
import { contactArn, planArn, type ServedAws, serveAws } from '../../support/serve-aws.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('paging in the sandbox', () => {
  let world: ServedAws;

  beforeEach(async () => {
    world = await serveAws();
  });
  afterEach(() => world.close());

  async function startIncident(): Promise<string> {
    const responsePlanArn = planArn('dolthubapi-service-down');
    const { incidentRecordArn } = await world.incidents.send(new StartIncidentCommand({ responsePlanArn }));
    return incidentRecordArn as string;
  }

  async function pagesOf(alias: string, incident?: string): Promise<Page[]> {
    const { Pages = [] } = await world.contacts.send(new ListPagesByContactCommand({ ContactId: contactArn(alias) }));
    return Pages.filter(({ IncidentId }) => incident === undefined || IncidentId === incident);
  }

  function accept(page: Page | undefined, more: Partial<AcceptPageCommand['input']> = {}) {
    const always = { PageId: page?.PageArn, AcceptType: 'READ', AcceptCode: '000000' } as const;
    return world.contacts.send(new AcceptPageCommand({ ...always, AcceptCodeValidation: 'IGNORE', ...more }));
  }

  async function engage(alias: string): Promise<string> {
    const words = { Sender: 'oncall', Subject: 'Help', Content: 'Please help', PublicContent: 'Please help' };
    const command = new StartEngagementCommand({ ContactId: contactArn(alias), ...words });
    return (await world.contacts.send(command)).EngagementArn as string;
  }

  async function pagesFrom(engagement: string): Promise<Page[]> {
    const command = new ListPagesByEngagementCommand({ EngagementId: engagement });
    return (await world.contacts.send(command)).Pages as Page[];
  }

  async function receipts(page: Page | undefined): Promise<string[]> {
    const { Receipts = [] } = await world.contacts.send(new ListPageReceiptsCommand({ PageId: page?.PageArn }));
    return Receipts.map(({ ReceiptType }) => ReceiptType as string);
  }

  it('rings the engineer on call a few seconds after the incident starts, by text and by mail', async () => {
    const incident = await startIncident();
    assert.deepEqual(await pagesOf('sam', incident), []);
    world.clock.advance(5 * SECOND);
    assert.equal((await pagesOf('sam', incident)).length, 2);
    assert.deepEqual(await pagesOf('ana', incident), []);
  });

  it('calls after a minute, and again two minutes later', async () => {
    const incident = await startIncident();
    const counts: number[] = [];
    for (const wait of [5 * SECOND, MINUTE, 2 * MINUTE, MINUTE]) {
      world.clock.advance(wait);
      counts.push((await pagesOf('sam', incident)).length);
    }
    assert.deepEqual(counts, [2, 3, 4, 4]);
  });

  it('rings the second and the third responder as the stages pass, if nobody answers', async () => {
    const incident = await startIncident();
    world.clock.advance(5 * MINUTE + 5 * SECOND);
    assert.equal((await pagesOf('ana', incident)).length, 2);
    assert.equal((await pagesOf('tom', incident)).length, 0);
    world.clock.advance(5 * MINUTE);
    assert.equal((await pagesOf('tom', incident)).length, 2);
    world.clock.advance(60 * MINUTE);
    assert.equal((await pagesOf('tom', incident)).length, 4);
  });

  it('rings nobody further once an essential responder has read a page', async () => {
    const incident = await startIncident();
    world.clock.advance(5 * SECOND);
    const [page, other] = await pagesOf('sam', incident);
    await accept(page);
    world.clock.advance(60 * MINUTE);
    const mine = await pagesOf('sam', incident);
    assert.equal(mine.length, 2);
    assert.ok(mine.find(({ PageArn }) => PageArn === page?.PageArn)?.ReadTime);
    assert.deepEqual(await receipts(page), ['DELIVERED', 'READ', 'SENT']);
    assert.deepEqual(await receipts(other), ['DELIVERED', 'SENT', 'STOP']);
    assert.deepEqual(await pagesOf('ana', incident), []);
  });

  it('goes on to the next stage when the responder who read is not essential', async () => {
    const target = (alias: string) => ({ ContactTargetInfo: { ContactId: contactArn(alias), IsEssential: false } });
    const Stages = ['engineering-on-call', 'ana'].map((alias) => ({ DurationInMinutes: 5, Targets: [target(alias)] }));
    const change = new UpdateContactCommand({ ContactId: contactArn('engineering'), Plan: { Stages } });
    await world.contacts.send(change);
    const incident = await startIncident();
    world.clock.advance(5 * SECOND);
    await accept((await pagesOf('sam', incident))[0]);
    world.clock.advance(6 * MINUTE);
    assert.equal((await pagesOf('sam', incident)).length, 2);
    assert.equal((await pagesOf('ana', incident)).length, 3);
  });

  it('does not take DELIVERED for an answer', async () => {
    const incident = await startIncident();
    world.clock.advance(4 * SECOND);
    const [page] = await pagesOf('sam', incident);
    await accept(page, { AcceptType: 'DELIVERED' });
    world.clock.advance(6 * MINUTE);
    assert.equal((await pagesOf('sam', incident)).length, 4);
    assert.ok((await pagesOf('sam', incident)).every(({ ReadTime }) => ReadTime === undefined));
    assert.equal((await pagesOf('ana', incident)).length, 3);
  });

  it('wants the code of the message unless it is told to ignore it', async () => {
    const engagement = await engage('sam');
    world.clock.advance(5 * SECOND);
    const [page] = await pagesFrom(engagement);
    const { acceptCode, message } = world.engine.engagements.pages.get(page?.PageArn as string);
    assert.match(message, new RegExp(acceptCode));
    const wrong = acceptCode === '123456' ? '654321' : '123456';
    const rejected = { name: 'ValidationException', message: 'Invalid value provided - Accept code is not valid' };
    await assert.rejects(accept(page, { AcceptCode: wrong, AcceptCodeValidation: 'ENFORCE' }), rejected);
    await assert.rejects(accept(page, { AcceptCode: wrong, AcceptCodeValidation: undefined }), rejected);
    await accept(page, { AcceptCode: acceptCode, AcceptCodeValidation: 'ENFORCE' });
    assert.ok((await pagesFrom(engagement)).some(({ ReadTime }) => ReadTime));
  });

  it('leaves a page that was read as it was when it is read again', async () => {
    const engagement = await engage('sam');
    world.clock.advance(5 * SECOND);
    const [page] = await pagesFrom(engagement);
    await accept(page);
    const before = await world.contacts.send(new DescribePageCommand({ PageId: page?.PageArn }));
    await accept(page);
    const after = await world.contacts.send(new DescribePageCommand({ PageId: page?.PageArn }));
    assert.deepEqual(after.ReadTime, before.ReadTime);
    assert.deepEqual(await receipts(page), ['DELIVERED', 'READ', 'SENT']);
  });

  it('shows the way from the plan over the schedule to the person', async () => {
    const incident = await startIncident();
    world.clock.advance(6 * MINUTE);
    const path = async (page: Page | undefined) => {
      const command = new ListPageResolutionsCommand({ PageId: page?.PageArn });
      const { PageResolutions = [] } = await world.contacts.send(command);
      return PageResolutions.map(({ ContactArn, Type, StageIndex }) => [ContactArn, Type, StageIndex]);
    };
    assert.deepEqual(await path((await pagesOf('sam', incident))[0]), [
      [contactArn('engineering'), 'ESCALATION', undefined],
      [contactArn('engineering-on-call'), 'ONCALL_SCHEDULE', 0],
      [contactArn('sam'), 'PERSONAL', 0],
    ]);
    assert.deepEqual(await path((await pagesOf('ana', incident))[0]), [
      [contactArn('engineering'), 'ESCALATION', undefined],
      [contactArn('ana'), 'PERSONAL', 1],
    ]);
  });

  it('pages nobody more once the engagement is stopped', async () => {
    const incident = await startIncident();
    world.clock.advance(5 * SECOND);
    const { Engagements = [] } = await world.contacts.send(new ListEngagementsCommand({ IncidentId: incident }));
    assert.equal(Engagements.length, 1);
    const EngagementId = Engagements[0]?.EngagementArn;
    await world.contacts.send(new StopEngagementCommand({ EngagementId, Reason: 'Wrong people' }));
    world.clock.advance(60 * MINUTE);
    assert.equal((await pagesOf('sam', incident)).length, 2);
    assert.deepEqual(await pagesOf('ana', incident), []);
    assert.deepEqual(await receipts((await pagesOf('sam', incident))[0]), ['DELIVERED', 'SENT', 'STOP']);
    const after = await world.contacts.send(new ListEngagementsCommand({ IncidentId: incident }));
    assert.ok(after.Engagements?.[0]?.StopTime);
  });

  it('never rings a channel that is not activated', async () => {
    const [sms, voice] = world.engine.contacts.channels.list(contactArn('sam'));
    world.engine.contacts.channels.deactivate(sms?.arn as string);
    const engagement = await engage('sam');
    world.clock.advance(5 * SECOND);
    assert.equal((await pagesFrom(engagement)).length, 1);
    world.engine.contacts.channels.deactivate(voice?.arn as string);
    world.clock.advance(10 * MINUTE);
    assert.equal((await pagesFrom(engagement)).length, 1);
  });

  it('rings nobody for a schedule without anyone on shift', async () => {
    const [rotation] = world.engine.rotations.list();
    const [from, until] = [world.clock.now() - MINUTE, world.clock.now() + 24 * 60 * MINUTE];
    world.engine.rotations.override(rotation?.arn as string, { members: [], from, until });
    const engagement = await engage('engineering-on-call');
    world.clock.advance(60 * MINUTE);
    assert.deepEqual(await pagesFrom(engagement), []);
  });

  it('rings a person who is engaged without a plan by that person’s own plan alone', async () => {
    const engagement = await engage('ben');
    world.clock.advance(60 * MINUTE);
    const pages = await pagesFrom(engagement);
    assert.equal(pages.length, 4);
    assert.deepEqual(new Set(pages.map(({ ContactArn }) => ContactArn)), new Set([contactArn('ben')]));
    const command = new ListPageResolutionsCommand({ PageId: pages[0]?.PageArn });
    const { PageResolutions } = await world.contacts.send(command);
    assert.deepEqual(PageResolutions, [{ ContactArn: contactArn('ben'), Type: 'PERSONAL' }]);
  });

  it('starts one engagement for one idempotency token', async () => {
    const words = { Sender: 'oncall', Subject: 'Help', Content: 'Please help', IdempotencyToken: 'the-same-token' };
    const start = () => world.contacts.send(new StartEngagementCommand({ ContactId: contactArn('ana'), ...words }));
    const [first, second] = [await start(), await start()];
    assert.equal(first.EngagementArn, second.EngagementArn);
    world.clock.advance(5 * SECOND);
    assert.equal((await pagesFrom(first.EngagementArn as string)).length, 2);
  });

  it('refuses a sender with characters that AWS refuses', async () => {
    const words = { Sender: 'oncall (cli)', Subject: 'Help', Content: 'Please help' };
    const command = new StartEngagementCommand({ ContactId: contactArn('ana'), ...words });
    await assert.rejects(world.contacts.send(command), (error: { name: string; Fields?: { Name: string }[] }) => {
      assert.equal(error.name, 'ValidationException');
      assert.deepEqual(
        error.Fields?.map(({ Name }) => Name),
        ['Sender'],
      );
      return true;
    });
  });
});
