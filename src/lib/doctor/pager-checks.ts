import type { Contact, ContactDetail, Pager } from '../clients/pager/pager.ts';
import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { type Roster, readRoster, type Wanted } from '../incidents/roster.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { dependent, examine, type Finding, failed, ok, type Seen, signInCheck } from './check.ts';
import { openIncidents } from './incident-checks.ts';
import { phones } from './phone-check.ts';
import { planWorks, responsePlans } from './plan-checks.ts';
import { somebodyOnShift } from './rota-check.ts';

export interface PagerQuestions {
  pager: () => Promise<Pager>;
  /** My contact alias. @throws CONFIG when nothing tells it */
  me: () => Promise<string>;
  wanted: Wanted;
  services: readonly Service[];
  region: string;
  /** The user's own directory, where `me.yaml` belongs. */
  ownDirectory: string;
  now: () => number;
  quick: boolean;
}

const TITLES = {
  signIn: 'AWS sign-in',
  enabled: 'Incident Manager',
  me: 'Who you are',
  channels: 'Your phone',
  plan: 'Escalation plan',
  onCall: 'On call now',
  responsePlans: 'Response plans',
  open: 'Open incidents',
};

/** Whether I can be paged, and whether anybody will be: sign-in, the account, my contact, the plan, the rota. */
export async function pagerChecks(questions: PagerQuestions): Promise<Finding[]> {
  const signIn = await signInCheck(TITLES.signIn, 'aws', () => signedIn(questions));
  const { signIn: _, enabled, ...more } = TITLES;
  const rest = questions.quick ? [] : Object.values(more);
  if (signIn.outcome === 'failed') return [signIn, ...[enabled, ...rest].map((title) => dependent(title, signIn))];
  const setUp = await examine(enabled, () => isSetUp(questions));
  if (setUp.outcome === 'failed') return [signIn, setUp, ...rest.map((title) => dependent(title, setUp))];
  if (questions.quick) return [signIn, setUp];
  const [aboutMyself, ...others] = await Promise.all([aboutMe(questions), ...aboutPaging(questions)]);
  return [signIn, setUp, ...aboutMyself, ...others];
}

async function aboutMe(questions: PagerQuestions): Promise<Finding[]> {
  const { me, channels } = TITLES;
  let mine: ContactDetail | null = null;
  const who = await examine(me, async () => {
    const found = await myContact(questions);
    if ('outcome' in found) return found;
    mine = found;
    return ok(`${found.name} (contact ${found.alias})`);
  });
  const contact = mine;
  if (!contact) return [who, dependent(channels, who)];
  return [who, await examine(channels, async () => phones(await questions.pager(), contact))];
}

/** Whom a page reaches, besides me. */
function aboutPaging(questions: PagerQuestions): Promise<Finding>[] {
  const { pager, services, now, me } = questions;
  const roster = rosterOnce(questions);
  return [
    examine(TITLES.plan, async () => planWorks(await pager(), await roster())),
    examine(TITLES.onCall, async () => somebodyOnShift(await roster(), { pager: await pager(), me, now: now() })),
    examine(TITLES.responsePlans, async () => responsePlans(await pager(), services, await roster())),
    examine(TITLES.open, async () => openIncidents(await pager(), now())),
  ];
}

async function signedIn({ pager, region }: PagerQuestions): Promise<Seen> {
  const { principal, account } = await (await pager()).identity();
  return ok(`${principal} in account ${account}, region ${region}`);
}

async function isSetUp({ pager, region }: PagerQuestions): Promise<Seen> {
  if (await (await pager()).enabled()) return ok(`set up in ${region}`);
  return failed(
    `never set up in this AWS account (region ${region}), and it can no longer be: AWS closed it to new customers on 7 November 2025`,
    'Check `aws.region` and `aws.profile` with `oncall config show`; without it, everything works in `oncall sandbox start`.',
    'NOT_ENABLED',
  );
}

async function myContact({ pager, me, ownDirectory }: PagerQuestions): Promise<ContactDetail | Seen> {
  const [client, alias] = await Promise.all([pager(), me()]);
  try {
    const contact = await client.contact(alias);
    if (contact.kind === 'person') return contact;
    const words = `"${alias}" is a ${contact.kind}, not a person`;
    return failed(words, tellMe(await client.contacts(), { alias, ownDirectory }));
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'NOT_FOUND') throw error;
    const contacts = await client.contacts();
    const people = contacts.filter(({ kind }) => kind === 'person').map((person) => person.alias);
    const words = `the pager knows no contact "${alias}".${didYouMean(alias, people)}`;
    return failed(words, tellMe(contacts, { alias, ownDirectory }));
  }
}

/** The alias that is meant, as far as it can be guessed, written where it belongs. What the shell says outranks the file. */
function tellMe(
  contacts: readonly Contact[],
  { alias, ownDirectory }: { alias: string; ownDirectory: string },
): string {
  const people = contacts.filter(({ kind }) => kind === 'person').map((person) => person.alias);
  const meant = nearest(alias, people)[0] ?? 'YOUR-ALIAS';
  const write = `mkdir -p ${ownDirectory} && echo 'me: ${meant}' > ${ownDirectory}/me.yaml`;
  return `unset ONCALL_ME; ${write}`;
}

function rosterOnce({ pager, wanted, now }: PagerQuestions): () => Promise<Roster> {
  let roster: Promise<Roster> | undefined;
  return () => {
    roster ??= pager().then((client) => readRoster(client, wanted, { at: now(), now: now() }));
    return roster;
  };
}
