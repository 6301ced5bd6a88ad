import type { ConnectionSettings } from '../../../config/settings.ts';
import type { Environment } from '../../processes.ts';
import type { Pager } from '../pager.ts';
import { acceptPage } from './accept-page.ts';
import { byHand } from './by-hand.ts';
import { contactDetail, listContacts } from './contacts.ts';
import { listEngagements, startEngagement, stopEngagement } from './engagements.ts';
import { addLink, listLinks } from './incident-links.ts';
import { getIncident, listIncidents, resolveIncident, startIncident } from './incidents.ts';
import { pagesOfContact, pagesOfEngagement, pathOfPage, receiptsOf } from './pages.ts';
import { getResponsePlan, listResponsePlans } from './response-plans.ts';
import { openSession } from './session.ts';
import { listShifts, shiftsAt } from './shifts.ts';
import { ends, signInWay } from './sign-in.ts';
import { addNote, readTimeline, readTrigger } from './timeline.ts';

export interface IncidentManagerOptions {
  settings: ConnectionSettings;
  /** Ends every request when it is aborted. */
  signal: AbortSignal;
  /** The shell's environment: where it keeps AWS's files, and keys of its own. */
  env?: Environment;
  /** This machine's clock in milliseconds since 1970, compared with AWS's when a signature is refused. */
  clockNow?: () => number;
  /** Milliseconds that one request may take; 10 s unless told. */
  deadline?: number;
}

/**
 * The pager that is AWS Systems Manager Incident Manager, through its two APIs (ssm-incidents and ssm-contacts) and STS.
 * Connects nothing until the first question. No ARN leaves it: incidents go by the UUID of their record, contacts by
 * their alias, pages and engagements by `ALIAS/UUID`; an incident may also be given by its ARN.
 * @throws CONFIG when the region is not one
 */
export function connectIncidentManager(options: IncidentManagerOptions): Pager {
  const session = openSession(options);
  return {
    identity: () => session.identity(),
    signInWay: () => signInWay(options),
    ends: () => ends(session, options),
    enabled: () => session.enabled(),

    incidents: (filter) => listIncidents(session, filter),
    incident: (id) => getIncident(session, id),
    trigger: (id) => readTrigger(session, id),
    startIncident: (request) => startIncident(session, request),
    resolve: (id, token) => resolveIncident(session, id, token),
    addLink: (id, link) => addLink(session, id, link),
    links: (id) => listLinks(session, id),

    timeline: (id) => readTimeline(session, id),
    addNote: (id, note) => addNote(session, id, note),

    contacts: () => listContacts(session),
    contact: (alias) => contactDetail(session, alias),
    onCall: (schedule, at) => shiftsAt(session, schedule, at),
    shifts: (schedule, span) => listShifts(session, schedule, span),
    responsePlan: (name) => getResponsePlan(session, name),
    responsePlans: () => listResponsePlans(session),

    pagesOf: (alias, incident) => pagesOfContact(session, alias, incident),
    engagements: (incident) => listEngagements(session, incident),
    pagesOfEngagement: (id) => pagesOfEngagement(session, id),
    receipts: (page) => receiptsOf(session, page),
    pathOf: (page) => pathOfPage(session, page),
    accept: (page, answer) => acceptPage(session, page, answer),
    engage: (request) => startEngagement(session, request),
    byHand: (change) => byHand(session, change),
    stop: (id, reason) => stopEngagement(session, id, reason),
  };
}
