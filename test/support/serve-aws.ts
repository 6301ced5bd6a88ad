import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SSMContactsClient } from '@aws-sdk/client-ssm-contacts';
import { SSMIncidentsClient } from '@aws-sdk/client-ssm-incidents';
import { Exchange } from '../../src/lib/sandbox/exchange.ts';
import type { Face } from '../../src/lib/sandbox/face.ts';
import { contactsFace } from '../../src/lib/sandbox/faces/ssm-contacts/face.ts';
import { incidentsFace } from '../../src/lib/sandbox/faces/ssm-incidents/face.ts';
import { stsFace } from '../../src/lib/sandbox/faces/sts/face.ts';
import { AWS_ACCOUNT, AWS_REGION } from '../../src/lib/sandbox/world/catalog.ts';
import { WorldClock } from '../../src/lib/sandbox/world/clock.ts';
import { IncidentManager } from '../../src/lib/sandbox/world/incident-manager/incident-manager.ts';
import { seedPeople } from '../../src/lib/sandbox/world/incident-manager/seed.ts';
import { Random } from '../../src/lib/sandbox/world/random.ts';

export const EXPIRED_KEY = 'AKIAEXPIREDEXPIRED00';

/** A seeded Incident Manager behind real sockets, and clients of the SDK that talk to it. */
export interface ServedAws {
  engine: IncidentManager;
  clock: WorldClock;
  incidents: SSMIncidentsClient;
  contacts: SSMContactsClient;
  endpoint(service: 'ssm-incidents' | 'ssm-contacts' | 'sts'): string;
  /** Runs the stock `aws` against it. Rejects with its stderr when it fails. */
  aws(...args: string[]): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

async function serve(face: Face): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    await face.answer(await Exchange.receive(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface ServeAwsOptions {
  wall?: () => number;
  seeded?: boolean;
}

export async function serveAws({ wall, seeded = true }: ServeAwsOptions = {}): Promise<ServedAws> {
  const clock = new WorldClock(wall ? { wall } : {});
  const engine = new IncidentManager({ clock, random: new Random(7), account: AWS_ACCOUNT, region: AWS_REGION });
  if (seeded) seedPeople(engine);
  const credentials = { isExpired: (key: string) => key === EXPIRED_KEY };
  const served = {
    'ssm-incidents': await serve(incidentsFace(engine, { credentials })),
    'ssm-contacts': await serve(contactsFace(engine, { credentials })),
    sts: await serve(stsFace({ account: AWS_ACCOUNT, random: new Random(8), credentials })),
  };
  const settings = {
    region: AWS_REGION,
    credentials: { accessKeyId: 'AKIASANDBOXSANDBOX00', secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  };
  const incidents = new SSMIncidentsClient({ ...settings, endpoint: served['ssm-incidents'].url });
  const contacts = new SSMContactsClient({ ...settings, endpoint: served['ssm-contacts'].url });
  return {
    engine,
    clock,
    incidents,
    contacts,
    endpoint: (service) => served[service].url,
    aws: (...args) => runAws(served[args[0] as keyof typeof served].url, args),
    async close() {
      clock.stop();
      incidents.destroy();
      contacts.destroy();
      for (const { close } of Object.values(served)) await close();
    },
  };
}

function runAws(endpoint: string, args: string[]): Promise<Record<string, unknown>> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_ACCESS_KEY_ID: 'AKIASANDBOXSANDBOX00',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_DEFAULT_REGION: AWS_REGION,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  const all = ['--endpoint-url', endpoint, '--output', 'json', ...args];
  return new Promise((resolve, reject) => {
    execFile('aws', all, { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message));
      else resolve(stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>));
    });
  });
}

/** Whether the stock client is on this machine. */
export function hasAws(): Promise<boolean> {
  return new Promise((resolve) => execFile('aws', ['--version'], (error) => resolve(error === null)));
}

/** ARN of a contact of the practice company. */
export function contactArn(alias: string): string {
  return `arn:aws:ssm-contacts:${AWS_REGION}:${AWS_ACCOUNT}:contact/${alias}`;
}

export function planArn(name: string): string {
  return `arn:aws:ssm-incidents::${AWS_ACCOUNT}:response-plan/${name}`;
}
