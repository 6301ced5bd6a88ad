import type { Channel, ContactDetail, Pager } from '../clients/pager/pager.ts';
import { OncallError } from '../errors.ts';
import { onCallAt, type Responder, type Roster, readRoster, type Wanted } from '../incidents/on-call.ts';
import { didYouMean } from '../text/nearest.ts';
import { dependent, examine, type Finding, failed, ok, type Seen, warning } from './check.ts';

export interface PagerQuestions {
  pager: () => Promise<Pager>;
  /** My contact alias. @throws CONFIG when nothing tells it */
  me: () => Promise<string>;
  wanted: Wanted;
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
};

/** Whether I can be paged, and whether anybody will be: sign-in, the account, my contact, the plan, the rota. */
export async function pagerChecks(questions: PagerQuestions): Promise<Finding[]> {
  const signIn = await examine(TITLES.signIn, () => signedIn(questions));
  const { enabled, me, channels, plan, onCall } = TITLES;
  const rest = questions.quick ? [enabled] : [enabled, me, channels, plan, onCall];
  if (signIn.outcome === 'failed') return [signIn, ...rest.map((title) => dependent(title, signIn))];
  const setUp = await examine(enabled, () => isSetUp(questions));
  if (setUp.outcome === 'failed') return [signIn, setUp, ...rest.slice(1).map((title) => dependent(title, setUp))];
  if (questions.quick) return [signIn, setUp];
  let mine: ContactDetail | null = null;
  const roster = rosterOnce(questions);
  const aboutMe = async () => {
    const who = await examine(me, async () => {
      const found = await myContact(questions);
      if ('outcome' in found) return found;
      mine = found;
      return ok(`${found.name} (contact ${found.alias})`);
    });
    const contact = mine;
    return [who, contact ? await examine(channels, () => phones(contact)) : dependent(channels, who)];
  };
  const [aboutMyself, aboutPlan, aboutShift] = await Promise.all([
    aboutMe(),
    examine(plan, async () => planWorks(await questions.pager(), await roster())),
    examine(onCall, async () => somebodyOnShift(await roster(), questions.now())),
  ]);
  return [signIn, setUp, ...aboutMyself, aboutPlan, aboutShift];
}

async function signedIn({ pager, region }: PagerQuestions): Promise<Seen> {
  const { principal, account } = await (await pager()).identity();
  return ok(`${principal} in account ${account}, region ${region}`);
}

async function isSetUp({ pager, region }: PagerQuestions): Promise<Seen> {
  const client = await pager();
  if (await client.enabled()) {
    // Who may not list replication sets is taken for enabled; what every command needs is to read incidents.
    await client.incidents({ status: 'open' });
    return ok(`set up in ${region}`);
  }
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
    return failed(`"${alias}" is a ${contact.kind}, not a person`, `echo 'me: YOUR-ALIAS' > ${ownDirectory}/me.yaml`);
  } catch (error) {
    if (!(error instanceof OncallError) || error.code !== 'NOT_FOUND') throw error;
    const people = (await client.contacts()).filter(({ kind }) => kind === 'person').map((person) => person.alias);
    return failed(
      `the pager knows no contact "${alias}".${didYouMean(alias, people)}`,
      `echo 'me: YOUR-ALIAS' > ${ownDirectory}/me.yaml`,
    );
  }
}

const RINGS: readonly Channel['kind'][] = ['sms', 'voice'];

/** A page must be able to wake: a channel that rings, activated, and named by my own engagement plan. */
function phones({ channels, stages }: ContactDetail): Seen {
  const active = channels.filter(({ activated }) => activated);
  const idle = channels.filter(({ activated }) => !activated);
  const rings = active.filter(({ kind }) => RINGS.includes(kind));
  const activate = 'Activate it in the AWS console: Systems Manager, Incident Manager, Contacts, you.';
  if (channels.length === 0) return failed('you have no phone number and no address in the pager', activate);
  if (rings.length === 0) return failed(`nothing that rings is activated; not activated: ${list(idle)}`, activate);
  const planned = new Set(
    stages.flatMap(({ targets }) => targets.flatMap((target) => (target.kind === 'channel' ? target.channelId : []))),
  );
  if (!rings.some(({ id }) => planned.has(id))) {
    return failed(
      `your own engagement plan names none of ${list(rings)}: a page would not ring`,
      'Add it to your engagement plan in the AWS console: Systems Manager, Incident Manager, Contacts, you.',
    );
  }
  if (idle.length > 0) return warning(`${list(active)}; not activated: ${list(idle)}`, activate);
  return ok(list(active));
}

function list(channels: readonly Pick<Channel, 'kind' | 'address'>[]): string {
  return channels.map(({ kind, address }) => `${kind} ${address}`).join(', ');
}

function rosterOnce({ pager, wanted, now }: PagerQuestions): () => Promise<Roster> {
  let roster: Promise<Roster> | undefined;
  return () => {
    roster ??= pager().then((client) => readRoster(client, wanted, { at: now(), now: now() }));
    return roster;
  };
}

/** A stage in which no target is essential is not ended by an acknowledgement: the next one is rung all the same. */
async function planWorks(pager: Pager, { plan }: Roster): Promise<Seen> {
  if (!plan)
    return warning('none; the schedule alone is paged, and nobody after it', 'Set `escalation.plan` in oncall.yaml.');
  const { stages } = await pager.contact(plan.alias);
  const empty = stages.flatMap(({ targets }, i) => (targets.length === 0 ? [i + 1] : []));
  if (stages.length === 0 || empty.length === stages.length) {
    return failed(
      `"${plan.alias}" pages nobody`,
      'Add people to it in the AWS console: Incident Manager, Escalation plans.',
    );
  }
  const endless = stages.flatMap(({ targets }, i) =>
    targets.some((target) => target.kind === 'contact' && target.essential) ? [] : [i + 1],
  );
  if (endless.length > 0) {
    return warning(
      `"${plan.alias}": an acknowledgement does not end stage ${endless.join(', ')}, so the next people are rung all the same`,
      'Tick "Acknowledgement stops plan progression" for somebody in that stage: AWS console, Incident Manager, Escalation plans.',
    );
  }
  return ok(
    `"${plan.alias}", ${stages.length} stage${stages.length === 1 ? '' : 's'}, each ended by an acknowledgement`,
  );
}

function somebodyOnShift(roster: Roster, at: number): Seen {
  const { responders } = onCallAt(roster, at, false);
  const remedy = 'oncall who';
  const vacant = responders.filter(({ people }) => people.length === 0);
  if (responders.length === 0 || responders[0]?.people.length === 0) {
    return failed(
      `nobody is on shift${vacant[0]?.schedule ? ` in ${vacant[0].schedule}` : ''}: a page reaches no one first`,
      remedy,
    );
  }
  if (vacant.length > 0)
    return warning(`nobody is on shift in ${vacant.map(({ schedule }) => schedule).join(', ')}`, remedy);
  const silent = responders
    .flatMap(({ people }) => people)
    .filter(({ channels }) => !channels.some(({ kind, activated }) => activated && RINGS.includes(kind)));
  if (silent.length > 0) {
    return warning(
      `${[...new Set(silent.map(({ name }) => name))].join(', ')} would not be rung: no activated phone`,
      remedy,
    );
  }
  return ok(responders.map(inOrder).join(', then '));
}

function inOrder({ people }: Responder): string {
  return people.map(({ name }) => name).join(' and ');
}
