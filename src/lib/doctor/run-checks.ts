import type { Alertmanager } from '../clients/alertmanager/alertmanager.ts';
import type { Discord } from '../clients/discord/discord.ts';
import type { GitHub } from '../clients/github/github.ts';
import type { Kubernetes } from '../clients/kubernetes/kubernetes.ts';
import type { Pager } from '../clients/pager/pager.ts';
import type { Prometheus } from '../clients/prometheus/prometheus.ts';
import type { Config } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { chatChecks } from './chat-checks.ts';
import { type Check, examine, type Finding, failed, ok, type Seen, warning, worst } from './check.ts';
import { clusterChecks } from './cluster-checks.ts';
import { githubChecks } from './github-checks.ts';
import { githubPermissions } from './github-permissions.ts';
import { journal } from './incident-checks.ts';
import { metricsChecks } from './metrics-checks.ts';
import { pagerChecks } from './pager-checks.ts';
import { runbooks } from './runbook-check.ts';
import { type RunTool, toolCheck } from './tool-checks.ts';

/** Everything that is looked at. Clients come as questions, since connecting may fail as well. */
export interface Patient {
  config: () => Promise<Config>;
  pager: () => Promise<Pager>;
  kubernetes: () => Promise<Kubernetes>;
  github: () => Promise<GitHub>;
  prometheus: () => Promise<Prometheus>;
  alertmanager: () => Promise<Alertmanager>;
  discord: () => Promise<Discord>;
  me: () => Promise<string>;
  /** The user's own directory, where `me.yaml` belongs. */
  ownDirectory: string;
  runTool: RunTool;
  /** A file that the configuration names; null for an address, or when it is not there. */
  textBeside: (path: string) => Promise<string | null>;
  /** Notes that wait on this machine. */
  pendingNotes: () => Promise<readonly { incident: string | null }[]>;
  /** Whether the shell points at a practice world. */
  practiceShell: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Only the configuration and the sign-ins. */
  quick: boolean;
}

/**
 * Looks at everything at once and gives the findings in a fixed order. One source that is down hides no other.
 * @throws INTERRUPTED
 */
export async function runChecks(patient: Patient): Promise<Finding[]> {
  let config: Config | null = null;
  const configuration = await examine('Configuration', async () => {
    config = await patient.config();
    return aboutConfiguration(config);
  });
  if (!config) return [configuration];
  const { connection, services, escalation } = config as Config;
  const { quick, now } = patient;
  // Loading our own programs is not the other side's slowness. What fails here fails again in its own check.
  await Promise.allSettled([patient.pager(), patient.kubernetes(), patient.github()]);
  const groups = await Promise.all([
    pagerChecks({ ...patient, services, wanted: escalation, region: connection.aws.region }),
    clusterChecks({ ...patient, services }),
    githubChecks({ ...patient, services }),
    quick ? [] : githubPermissions(patient.github, services).then((finding) => [finding]),
    quick
      ? []
      : metricsChecks({
          prometheus: () => (connection.prometheus ? patient.prometheus() : null),
          alertmanager: () => (connection.alertmanager ? patient.alertmanager() : null),
          services,
          now,
        }),
    quick ? [] : chatChecks({ discord: patient.discord, settings: connection.discord }),
    quick ? [] : ownThings(patient, services),
  ]);
  return [
    configuration,
    await examine('World', () => aboutWorld(config as Config, patient.practiceShell)),
    ...groups.flat(),
  ];
}

/** What lies on this machine. */
function ownThings({ textBeside, pendingNotes, runTool }: Patient, services: Config['services']): Promise<Finding[]> {
  return Promise.all([
    examine('Runbooks', () => runbooks(services, textBeside)),
    examine('Journal', async () => journal(await pendingNotes())),
    toolCheck(runTool),
  ]);
}

function aboutConfiguration({ path, services }: Config): Seen {
  if (services.length > 0) return ok(`${path}, ${services.length} service${services.length === 1 ? '' : 's'}`);
  return warning(
    `${path} names no service, so most commands have nothing to work on`,
    `Add them under \`services:\` in ${path}; \`oncall config init --dry-run\` prints those it finds.`,
  );
}

function aboutWorld({ connection: { world, environment } }: Config, practiceShell: boolean): Seen {
  if (world === 'sandbox') return ok('practice: nothing here is real, and nothing leaves this machine');
  if (!practiceShell) return ok(`the real one, environment ${environment}`);
  // Its variables name another cluster and another AWS: half of what is asked would be answered by the practice world.
  return failed(
    `the configuration is the real one (environment ${environment}), but this shell points at a practice world`,
    'eval "$(oncall sandbox env --unset)"',
    'CONFIG',
  );
}

/** Findings as the result of the command shows them. */
export function asChecks(findings: readonly Finding[]): Check[] {
  return findings.map(({ title, outcome, found, remedy }) => ({ title, outcome, found, remedy }));
}

/** The error that the command ends with; null when nothing failed. */
export function diagnosis(findings: readonly Finding[]): OncallError | null {
  const broken = findings.filter(({ outcome }) => outcome === 'failed');
  const code = worst(broken.map((finding) => finding.code));
  if (!code) return null;
  const decisive = broken.find((finding) => finding.code === code) ?? broken[0];
  const count = `${broken.length} of ${findings.length} checks failed`;
  return new OncallError(`${count}: ${broken.map(({ title }) => title).join(', ')}.`, {
    code,
    hint: decisive?.remedy ?? undefined,
  });
}
