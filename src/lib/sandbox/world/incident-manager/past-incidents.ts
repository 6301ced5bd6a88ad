import type { PathStep, Reached } from '../../../paging/contact.ts';
import { shiftAt } from '../../../schedules/shifts.ts';
import type { AlertEvent } from '../alert-event.ts';
import { responsePlanName } from '../catalog.ts';
import type { IncidentManager } from './incident-manager.ts';
import type { Incident } from './incidents.ts';
import { ruleOf } from './rotations.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface PastIncident {
  service: string;
  alert: 'ServiceDown' | 'HighErrorRatio';
  /** Milliseconds before the world begins. */
  ago: number;
  /** Milliseconds after the start that the first responder acknowledged; null: the second one had to. */
  acknowledged: number | null;
  /** Milliseconds after the start, and what was written down then. */
  notes: readonly [after: number, text: string][];
  resolved: number;
}

const PAST: readonly PastIncident[] = [
  {
    service: 'dolthubgraphql',
    alert: 'ServiceDown',
    ago: 26 * DAY + 5 * HOUR,
    acknowledged: 95 * SECOND,
    notes: [
      [6 * MINUTE, 'All three pods restart with an out-of-memory kill since the last deploy.'],
      [9 * MINUTE, 'Reverting to the build before it.'],
      [17 * MINUTE, 'Old build is up on every pod, queries answer again.'],
    ],
    resolved: 24 * MINUTE,
  },
  {
    service: 'fileserviceapi',
    alert: 'HighErrorRatio',
    ago: 17 * DAY + 14 * HOUR,
    acknowledged: null,
    notes: [
      [11 * MINUTE, 'First responder had no signal. Uploads fail with a timeout from the object store.'],
      [31 * MINUTE, 'Provider reports elevated error rates in our region. Nothing to revert.'],
      [58 * MINUTE, 'Provider says recovered, our error ratio agrees.'],
    ],
    resolved: 66 * MINUTE,
  },
  {
    service: 'dolthubapi',
    alert: 'HighErrorRatio',
    ago: 11 * DAY + 3 * HOUR,
    acknowledged: 140 * SECOND,
    notes: [
      [8 * MINUTE, 'One branch list with 40k branches takes the database down with it.'],
      [21 * MINUTE, 'Put a limit on page size by hand, latency is back to normal.'],
    ],
    resolved: 38 * MINUTE,
  },
  {
    service: 'remotesapi',
    alert: 'ServiceDown',
    ago: 6 * DAY + 9 * HOUR,
    acknowledged: 70 * SECOND,
    notes: [
      [5 * MINUTE, 'Both pods were on the node that was drained for an upgrade.'],
      [12 * MINUTE, 'Pods are scheduled on other nodes; a disruption budget is needed.'],
    ],
    resolved: 15 * MINUTE,
  },
];

interface Responders {
  escalation: string;
  schedule: string;
  rotation: string;
  second: string;
}

function alertEvent(engine: IncidentManager, { service, alert }: PastIncident, at: number): AlertEvent {
  const time = new Date(at).toISOString();
  return {
    version: '0',
    id: engine.random.uuid(),
    'detail-type': 'Alert',
    source: 'oncall.alertmanager',
    account: engine.account,
    time,
    region: engine.region,
    resources: [],
    detail: {
      status: 'firing',
      labels: { alertname: alert, app: service, service, severity: 'page' },
      annotations: {},
      startsAt: time,
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: engine.random.hex(16),
    },
  };
}

function open(engine: IncidentManager, past: PastIncident, at: number): Incident {
  const plan = engine.plans.list().find(({ name }) => name === responsePlanName(past.service, past.alert));
  if (!plan) throw new Error(`no response plan for ${past.service} ${past.alert}`);
  const triggerArn = `arn:aws:events:${engine.region}:${engine.account}:rule/oncall/${plan.name}`;
  const source = {
    createdBy: `arn:aws:sts::${engine.account}:assumed-role/oncall-events/${engine.random.hex(32)}`,
    invokedBy: 'events.amazonaws.com',
    source: 'aws.events',
    resourceArn: triggerArn,
  };
  const rawData = JSON.stringify(alertEvent(engine, past, at - 40 * SECOND));
  const trigger = { source, triggerArn, rawData };
  return engine.incidents.add({ plan: plan.arn, trigger }, { dedupe: plan.name, at });
}

/** The page that somebody read, and the timeline's two lines about it. */
function page(
  engine: IncidentManager,
  engagement: ReturnType<IncidentManager['engagements']['restore']>,
  past: { reached: Reached; sentAt: number; readAt: number | null },
): void {
  const [sms] = engine.contacts.channels.list(past.reached.person);
  const incident = engagement.incident;
  if (!sms || !incident) return;
  engine.engagements.pages.restore(engagement, past.reached, { channel: sms.arn, ...past });
  const data = { contactArn: past.reached.person, engagementArn: engagement.arn };
  const { timelines } = engine.incidents;
  timelines.record(incident, 'SSM Contacts Page for Incident', data, { at: past.sentAt });
  if (past.readAt === null) return;
  timelines.record(incident, 'SSM Contacts Page Acknowledgement for Incident', data, { at: past.readAt });
}

/** The first stage rings whoever has the shift, the second one rings a person. */
function reach(person: string, stage: number, { escalation, schedule }: Responders): Reached {
  const path: PathStep[] = [{ contact: escalation, kind: 'plan', stage: null }];
  if (stage === 0) path.push({ contact: schedule, kind: 'schedule', stage });
  return { person, stage, essential: true, path: [...path, { contact: person, kind: 'person', stage }] };
}

function seedOne(engine: IncidentManager, past: PastIncident, responders: Responders): void {
  const at = engine.clock.now() - past.ago;
  const rotation = engine.rotations.get(responders.rotation);
  const first = shiftAt(ruleOf(rotation), rotation.overrides, at)?.members[0] ?? responders.second;
  const incident = open(engine, past, at);
  const engagement = engine.engagements.restore(
    {
      contact: responders.escalation,
      sender: 'Incident Manager',
      subject: incident.title,
      content: `You have been engaged for the incident ${incident.title} (impact ${incident.impact}).`,
      incident: incident.arn,
    },
    at + SECOND,
  );
  const readAt = past.acknowledged === null ? null : at + past.acknowledged;
  page(engine, engagement, { reached: reach(first, 0, responders), sentAt: at + 4 * SECOND, readAt });
  if (readAt === null) {
    const sentAt = at + 5 * MINUTE + 4 * SECOND;
    const reached = reach(responders.second, 1, responders);
    page(engine, engagement, { reached, sentAt, readAt: sentAt + 80 * SECOND });
  }
  for (const [after, text] of past.notes) {
    const references = [{ resource: incident.arn }];
    const note = { incident: incident.arn, type: 'Note', at: at + after, data: JSON.stringify(text), references };
    engine.incidents.timelines.create(note, at + after);
  }
  const alias = (readAt === null ? responders.second : first).split('/').at(-1);
  const by = `arn:aws:sts::${engine.account}:assumed-role/oncall-responder/${alias}`;
  engagement.stoppedAt = at + past.resolved - 5 * SECOND;
  engine.incidents.update(incident.arn, { status: 'RESOLVED' }, { by, at: at + past.resolved });
}

/** Puts a few resolved incidents into the past. Whoever the rota had on call then was the one who was paged. */
export function seedPastIncidents(engine: IncidentManager, responders: Responders): void {
  for (const past of PAST) seedOne(engine, past, responders);
}
