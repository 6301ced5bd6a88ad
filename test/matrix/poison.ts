import type { Sandbox } from '../../src/lib/sandbox/sandbox.ts';

/** What each planted text says in plain letters, so that a test can see that it was shown at all. */
export const MARK = 'PLANTED';
/** What a forged line begins with. */
export const FORGED = '✔ FORGED';

const ESC = '\u001b';
/**
 * Every way in which a text can do more than be read: wipe the screen, move up and overwrite, set the title (two ways of
 * ending it), write the clipboard, open a link, colour, ring, go back, C1 controls, reordering, invisible characters,
 * and lines of its own.
 */
export const POISON = [
  `${MARK}`,
  `${ESC}[2J${ESC}[H`,
  `${ESC}[1A${ESC}[2K`,
  `${ESC}]0;gotcha\u0007`,
  `${ESC}]2;gotcha${ESC}\\`,
  `${ESC}]52;c;Z290Y2hh\u0007`,
  `${ESC}]8;;https://evil.example${ESC}\\here${ESC}]8;;${ESC}\\`,
  `${ESC}[31m`,
  `${ESC}c`,
  `${ESC}P1$r0m${ESC}\\`,
  '\u0007\b\b\b\u007f\u0000\u000b\u000c\u000e',
  '\u009b2J\u009d0;gotcha\u009c\u0085',
  '\u202e\u2066\u200b\u200e\ufeff\u2028\u2029',
  `\r${FORGED}`,
  `\n${FORGED}`,
  `\r\n${FORGED}\n`,
].join('');

/** Plants it wherever somebody else's words stand: the world of dolthubapi's outage, and the people in it. */
export function poisonWorld({ world }: Sandbox): void {
  const { incidentManager, repositories, alerting, alertmanager, cluster, clock } = world;
  for (const incident of incidentManager.incidents.list()) {
    incident.title += POISON;
    incident.summary = POISON;
    incidentManager.incidents.timelines.create({
      incident: incident.arn,
      type: 'Note',
      at: clock.now(),
      data: JSON.stringify(`a note ${POISON}`),
      references: [],
    });
  }
  for (const contact of incidentManager.contacts.list()) contact.displayName = `${contact.displayName ?? ''}${POISON}`;
  for (const { rules } of alerting.groups) {
    for (const { rule } of rules) {
      Object.assign(rule.annotations, { summary: POISON, description: POISON, runbook_url: POISON });
      Object.assign(rule.labels, { team: POISON });
    }
  }
  const repository = repositories.of('dolthubapi');
  for (const commit of repository.history.main) commit.message = POISON + commit.message;
  for (const pull of repository.history.pulls) pull.title = POISON + pull.title;
  for (const workflow of repository.workflows) Object.assign(workflow, { name: POISON });
  for (const run of repository.runs.listed) run.title += POISON;
  repository.variables.set('DEPLOY_HOLD', {
    name: 'DEPLOY_HOLD',
    value: JSON.stringify({
      v: 1,
      service: 'dolthubapi',
      reason: `because ${POISON}`,
      by: `eve${POISON}`,
      since: new Date(clock.now() - 60_000).toISOString(),
      until: new Date(clock.now() + 3_600_000).toISOString(),
    }),
    createdAt: clock.now(),
    updatedAt: clock.now(),
  });
  const id = alertmanager.silences.put({
    matchers: [{ name: 'alertname', value: 'ServiceDown', isRegex: false, isEqual: true }],
    startsAt: clock.now(),
    endsAt: clock.now() + 600_000,
    createdBy: `eve${POISON}`,
    comment: `upgrade ${POISON}`,
  });
  alertmanager.silences.expire(id);
  for (const pod of cluster.store.list('pods', undefined)) {
    const { status } = pod as unknown as { status: { containerStatuses?: PodContainer[]; reason?: string } };
    for (const container of status.containerStatuses ?? []) {
      cluster.logs
        .find((container.containerID ?? '').replace(/^containerd:\/\//, ''))
        ?.write([POISON.replaceAll('\n', ' '), POISON]);
      cluster.logs.find(container.containerID ?? '')?.write([POISON.replaceAll('\n', ' '), POISON]);
      for (const state of [container.state?.waiting, container.lastState?.terminated]) {
        if (state) state.reason = `${state.reason ?? ''}${POISON}`;
      }
    }
  }
}

interface PodContainer {
  containerID?: string;
  state?: { waiting?: { reason?: string } };
  lastState?: { terminated?: { reason?: string } };
}
