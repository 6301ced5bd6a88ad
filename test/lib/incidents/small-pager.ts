import type {
  Channel,
  Contact,
  ContactDetail,
  Engagement,
  Incident,
  Page,
  PagePath,
  Pager,
  Shift,
} from '../../../src/lib/clients/pager/pager.ts';
import { OncallError } from '../../../src/lib/errors.ts';

export const NOW = Date.parse('2026-11-22T03:10:00.000Z');
const MINUTE = 60_000;

/** An instant so many minutes from `NOW`. */
export function minutes(count: number): string {
  return new Date(NOW + count * MINUTE).toISOString();
}

export function incident(part: Partial<Incident> = {}): Incident {
  return {
    id: '3f2c1a9b-0000-4000-8000-000000000001',
    title: 'dolthubapi is down',
    status: 'open',
    impact: 1,
    summary: null,
    startedAt: minutes(-2),
    resolvedAt: null,
    plan: 'dolthubapi-service-down',
    openedBy: 'alert',
    url: 'https://console.test/incident',
    ...part,
  };
}

export function channel(owner: string, kind: Channel['kind'], activated = true): Channel {
  return { id: `${owner}/${kind}`, name: kind, kind, address: '…01', activated };
}

/** A text at once, a call after a minute. */
export function person(alias: string, name: string, part: Partial<ContactDetail> = {}): ContactDetail {
  const target = (kind: Channel['kind']) => ({
    kind: 'channel' as const,
    channelId: `${alias}/${kind}`,
    retryMinutes: null,
  });
  return {
    alias,
    name,
    kind: 'person',
    channels: [channel(alias, 'sms'), channel(alias, 'voice')],
    stages: [
      { minutes: 1, targets: [target('sms')] },
      { minutes: 2, targets: [target('voice')] },
    ],
    rotations: [],
    ...part,
  };
}

export function plan(stages: { minutes: number; of: string[]; essential?: boolean }[]): ContactDetail {
  return {
    alias: 'engineering',
    name: 'Engineering',
    kind: 'plan',
    channels: [],
    rotations: [],
    stages: stages.map(({ minutes: wait, of, essential = true }) => ({
      minutes: wait,
      targets: of.map((alias) => ({ kind: 'contact' as const, alias, essential })),
    })),
  };
}

const rota: ContactDetail = {
  alias: 'rota',
  name: 'Rota',
  kind: 'schedule',
  channels: [],
  stages: [],
  rotations: ['weekly'],
};

/** sam is on call; then ana after five minutes, tom after ten. ben is in no plan. */
export const TEAM: readonly ContactDetail[] = [
  person('sam', 'Sam Okafor'),
  person('ana', 'Ana Duarte'),
  person('tom', 'Tom Reyes'),
  person('ben', 'Ben Lindqvist'),
  rota,
  plan([
    { minutes: 5, of: ['rota'] },
    { minutes: 5, of: ['ana'] },
    { minutes: 5, of: ['tom'] },
  ]),
];

export const SHIFTS: readonly Shift[] = [
  { rotation: 'weekly', people: ['sam'], from: minutes(-3000), to: minutes(3000), override: false },
  { rotation: 'weekly', people: ['ben'], from: minutes(3000), to: minutes(9000), override: false },
];

export function engagement(part: Partial<Engagement> = {}): Engagement {
  return {
    id: 'engineering/e1',
    contact: 'engineering',
    kind: 'plan',
    incidentId: incident().id,
    sender: 'Incident Manager',
    startedAt: minutes(-2),
    stoppedAt: null,
    ...part,
  };
}

export function page(part: Partial<Page> = {}): Page {
  return {
    id: 'sam/p1',
    engagementId: 'engineering/e1',
    contact: 'sam',
    incidentId: incident().id,
    sender: 'Incident Manager',
    sentAt: minutes(-2),
    deliveredAt: minutes(-2),
    readAt: null,
    ...part,
  };
}

export interface Paging {
  team?: readonly ContactDetail[];
  engagements?: Engagement[];
  pages?: Page[];
  /** Stage of the plan that led to a page, by the page's id; 0 where nothing is said. */
  stages?: Record<string, number>;
}

/** A pager that answers what a test gives it; anything else that is asked fails the test. */
export function smallPager(paging: Paging = {}, verbs: Partial<Pager> = {}): Pager {
  const { team = TEAM, engagements = [], pages = [], stages = {} } = paging;
  const answers: Partial<Pager> = {
    contacts: async () => team.map(({ alias, name, kind }): Contact => ({ alias, name, kind })),
    contact: async (alias) => {
      const found = team.find((one) => one.alias === alias);
      if (!found) throw new OncallError(`no ${alias}`, { code: 'NOT_FOUND' });
      return found;
    },
    shifts: async () => [...SHIFTS],
    engagements: async () => [...engagements],
    pagesOfEngagement: async (id) => pages.filter(({ engagementId }) => engagementId === id),
    pathOf: async (id): Promise<PagePath> => [
      { contact: 'engineering', kind: 'plan', stage: null },
      { contact: 'x', kind: 'person', stage: stages[id] ?? 0 },
    ],
    trigger: async () => null,
    timeline: async () => [],
    ...verbs,
  };
  return new Proxy(answers as Pager, {
    get: (target, verb) =>
      Reflect.get(target, verb) ??
      (() => {
        throw new Error(`the pager was asked for ${String(verb)}`);
      }),
  });
}

/** A clock on which waiting takes no time. */
export function quickClock(start = NOW): { now: () => number; wait: (ms: number) => Promise<void> } {
  let now = start;
  return {
    now: () => now,
    wait: async (ms) => {
      now += ms;
    },
  };
}

/** A check for `assert.rejects`: the code, and words of the message or hint. */
export function failing(code: string, words: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof OncallError && error.code === code && words.test(`${error.message}\n${error.hint ?? ''}`);
}
