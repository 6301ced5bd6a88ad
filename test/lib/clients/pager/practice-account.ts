import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Exchange } from '../../../../src/lib/sandbox/exchange.ts';
import type { Face } from '../../../../src/lib/sandbox/face.ts';
import { contactsFace } from '../../../../src/lib/sandbox/faces/ssm-contacts/face.ts';
import { incidentsFace } from '../../../../src/lib/sandbox/faces/ssm-incidents/face.ts';
import { stsFace } from '../../../../src/lib/sandbox/faces/sts/face.ts';
import type { AlertEvent } from '../../../../src/lib/sandbox/world/alert-event.ts';
import { WorldClock } from '../../../../src/lib/sandbox/world/clock.ts';
import { IncidentManager } from '../../../../src/lib/sandbox/world/incident-manager/incident-manager.ts';
import { Random } from '../../../../src/lib/sandbox/world/random.ts';
import { ACCOUNT, REGION } from './scripted-aws.ts';

export const ALERT: AlertEvent = {
  version: '0',
  id: '5f7c1c1e-0000-4000-8000-000000000001',
  'detail-type': 'Alert',
  source: 'oncall.alertmanager',
  account: ACCOUNT,
  time: '2026-05-28T20:26:40Z',
  region: REGION,
  resources: [],
  detail: {
    status: 'firing',
    labels: { alertname: 'DolthubapiDown', app: 'dolthubapi' },
    annotations: { summary: 'No instance of dolthubapi is up' },
    startsAt: '2026-05-28T20:26:40Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.test/graph',
    fingerprint: '9a8b7c6d5e4f3021',
  },
};

function person(world: IncidentManager, alias: string, phone: string): string {
  const { contacts } = world;
  const { arn } = contacts.create({
    alias,
    type: 'PERSONAL',
    plan: { Stages: [] },
    displayName: `${alias} of the team`,
  });
  const sms = contacts.channels.create({ contact: arn, name: 'phone', type: 'SMS', address: phone });
  contacts.channels.activate(sms.arn, sms.code ?? '');
  const Targets = [{ ChannelTargetInfo: { ContactChannelId: sms.arn, RetryIntervalInMinutes: 1 } }];
  contacts.update(arn, { plan: { Stages: [{ DurationInMinutes: 5, Targets }] } });
  return arn;
}

/** sam is on call, then ben; an escalation plan of the schedule and, ten minutes later, of ana; one response plan. */
function populate(world: IncidentManager): { plan: string } {
  const sam = person(world, 'sam', '+12025550101');
  const ben = person(world, 'ben', '+12025550103');
  const ana = person(world, 'ana', '+12025550102');
  const now = world.clock.now();
  // Far from any hand-off, so that the first member is on call whenever the test runs.
  const handOff = { HourOfDay: (new Date(now).getUTCHours() + 6) % 24, MinuteOfHour: 0 };
  const rotation = world.rotations.create({
    name: 'primary',
    members: [sam, ben],
    timeZone: 'UTC',
    startsAt: now - 3_600_000,
    recurrence: { NumberOfOnCalls: 1, RecurrenceMultiplier: 2, DailySettings: [handOff] },
  });
  const schedule = world.contacts.create({
    alias: 'engineering-on-call',
    type: 'ONCALL_SCHEDULE',
    plan: { RotationIds: [rotation.arn] },
  });
  const stage = (ContactId: string) => ({
    DurationInMinutes: 10,
    Targets: [{ ContactTargetInfo: { ContactId, IsEssential: true } }],
  });
  const escalation = world.contacts.create({
    alias: 'engineering',
    type: 'ESCALATION',
    displayName: 'Engineering',
    plan: { Stages: [stage(schedule.arn), stage(ana)] },
  });
  const { arn } = world.plans.create({
    name: 'dolthubapi-dolthubapi-down',
    incidentTemplate: { title: 'dolthubapi is down', impact: 1, summary: 'No instance is up' },
    engagements: [escalation.arn],
  });
  return { plan: arn };
}

/** A practice account behind its real faces, and all that they received. */
export interface PracticeAccount {
  world: IncidentManager;
  endpoint: string;
  received: { operation: string | null; body: unknown }[];
  /** Keys that AWS takes for expired. */
  expired: Set<string>;
  /** Lets an alert open an incident, and the world ring whom it rings first. */
  alert(): void;
  stop(): Promise<void>;
}

function faceFor(faces: readonly Face[], authorization: string): Face | undefined {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization)?.[1];
  return faces.find(({ name }) => name === service);
}

export async function startPracticeAccount(): Promise<PracticeAccount> {
  const clock = new WorldClock();
  const random = new Random(1);
  const world = new IncidentManager({ clock, random, account: ACCOUNT, region: REGION });
  const { plan } = populate(world);
  const expired = new Set<string>();
  const credentials = { isExpired: (key: string) => expired.has(key) };
  const faces = [
    contactsFace(world, { credentials }),
    incidentsFace(world, { credentials }),
    stsFace({ account: ACCOUNT, random, credentials }),
  ];
  const received: PracticeAccount['received'] = [];
  const server = http.createServer(async (request, response) => {
    const exchange = await Exchange.receive(request, response);
    await faceFor(faces, exchange.header('authorization') ?? '')?.answer(exchange);
    const json = exchange.body.toString('utf8').startsWith('{');
    received.push({ operation: exchange.operation, body: json ? exchange.parsed() : null });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    world,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    expired,
    alert() {
      world.startFromEvent(plan, ALERT);
      clock.advance(10_000);
    },
    async stop() {
      clock.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
