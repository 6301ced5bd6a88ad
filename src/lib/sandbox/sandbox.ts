import { randomBytes } from 'node:crypto';
import { makePrivateDirectory, removeFile, replaceLink, writeText } from '../store/files.ts';
import { makeCertificates } from './certificates.ts';
import { configText, DUMMY, discordText, environmentOf, FILES, ghFiles, type SandboxAddress, socketOf } from './env.ts';
import type { Received } from './exchange.ts';
import type { Face } from './face.ts';
import { alertmanagerFace } from './faces/alertmanager/face.ts';
import { type Controls, controlFace } from './faces/control/control-face.ts';
import { discordFace } from './faces/discord/face.ts';
import { githubFace } from './faces/github/github-face.ts';
import { MAINTAINER_PERMISSIONS } from './faces/github/tokens.ts';
import { kubeconfigFor } from './faces/kubernetes/kubeconfig.ts';
import { kubernetesFace } from './faces/kubernetes/kubernetes-face.ts';
import { prometheusFace } from './faces/prometheus/face.ts';
import { contactsFace } from './faces/ssm-contacts/face.ts';
import { incidentsFace } from './faces/ssm-incidents/face.ts';
import { stsFace } from './faces/sts/face.ts';
import { Faults } from './faults.ts';
import { startKubeServer } from './kube-server.ts';
import { Reception } from './reception.ts';
import { practiceRunbook } from './runbook.ts';
import { type ServerFaces, startServer } from './server.ts';
import { CLUSTER_NAME, NAMESPACE, PEOPLE, SERVICES } from './world/catalog.ts';
import { World } from './world/world.ts';

export interface SandboxOptions {
  /** Where its files go; readable by their owner only. */
  directory: string;
  scenario: string;
  /** How many times faster than life its waits pass. */
  speed: number;
  seed: number;
  /** File of this very program, linked as `bin/oncall` for shells that do not have it on their path. */
  program?: string | null;
  /** The GitHub token of the one who is signed in; a worthless word unless told. */
  githubToken?: string;
  /** Replaces the wall clock, in tests. */
  wall?: () => number;
}

/** A running practice world. */
export interface Sandbox {
  address: SandboxAddress;
  world: World;
  faults: Faults;
  /** What points clients at it. */
  environment: Record<string, string | null>;
  received(): readonly Received[];
  /** Resolves when somebody asked it to stop through the controls. */
  stopAsked: Promise<void>;
  /** Ends everything: servers, connections, waits. */
  close(): Promise<void>;
}

/** The one whom the sandbox signs in: the engineer on call. */
const USER = PEOPLE[0]?.alias ?? 'sam';

/**
 * Starts a practice world and everything that can be reached in it, on two loopback ports of its own, and writes the
 * files that point clients there. Two with different directories live side by side.
 * @throws NOT_FOUND for an unknown scenario
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, speed, seed, scenario } = options;
  const world = new World({ scenario, speed, seed, ...(options.wall ? { wall: options.wall } : {}) });
  const faults = new Faults(world.random.fork('faults'));
  const reception = new Reception(world.clock, faults);
  const stop = deferred();
  const token = randomBytes(24).toString('base64url');
  const kubeToken = randomBytes(24).toString('base64url');
  const controls: Controls = { token, ...controlsOf({ world, faults, reception }), stop: stop.resolve };
  const { cluster, clock } = world;
  // Real clients check certificates by their own clock, whatever clock a test has given the world.
  const certificates = await makeCertificates(Date.now());
  const { githubToken = DUMMY.githubToken } = options;
  await makePrivateDirectory(directory);
  const socket = socketOf(directory);
  // A sandbox that died has left its own behind.
  if (socket) await removeFile(socket);
  const server = await startServer(facesOf(world, { reception, controls, githubToken }), { socket });
  const kube = reception.before(
    kubernetesFace(cluster, { tokens: new Map([[kubeToken, { user: USER, groups: ['engineering'] }]]) }),
  );
  const kubeServer = await startKubeServer({ certificates, answer: (exchange) => kube.answer(exchange) });
  world.prometheusUrl = `http://127.0.0.1:${server.port}/prometheus`;
  const address: SandboxAddress = {
    port: server.port,
    kubernetesPort: kubeServer.port,
    pid: process.pid,
    token,
    directory,
    scenario,
    speed,
    seed,
    startedAt: new Date(clock.now()).toISOString(),
  };
  const kubeconfig = kubeconfigFor({
    server: kubeServer.url,
    caPem: certificates.ca.cert,
    token: kubeToken,
    namespace: NAMESPACE,
    context: CLUSTER_NAME,
  });
  await writeFiles(address, { kubeconfig, program: options.program ?? null });
  return {
    address,
    world,
    faults,
    environment: environmentOf(address),
    received: () => reception.log(),
    stopAsked: stop.promise,
    async close() {
      world.stop();
      await Promise.all([server.close(), kubeServer.close()]);
    },
  };
}

/** Everything that is reached over plain HTTP. */
function facesOf(
  world: World,
  { reception, controls, githubToken }: { reception: Reception; controls: Controls; githubToken: string },
): ServerFaces {
  const { incidentManager, repositories, alerting, alertmanager, metrics, clock } = world;
  const login = PEOPLE[0]?.githubLogin ?? USER;
  const token = { token: githubToken, login, permissions: MAINTAINER_PERMISSIONS, expiresAt: null };
  const before = (face: Face) => reception.before(face);
  return {
    aws: [
      before(incidentsFace(incidentManager)),
      before(contactsFace(incidentManager)),
      before(stsFace({ account: incidentManager.account, random: world.random.fork('sts') })),
    ],
    prefixed: [
      before(githubFace(repositories, { tokens: [token], prefix: '/github' })),
      before(prometheusFace({ clock, metrics, alerting, alertmanager })),
      before(alertmanagerFace({ clock, alertmanager })),
      before(discordFace({ clock, discord: world.discord })),
      controlFace(controls),
    ],
  };
}

async function writeFiles(
  address: SandboxAddress,
  { kubeconfig, program }: { kubeconfig: string; program: string | null },
): Promise<void> {
  const { directory } = address;
  await makePrivateDirectory(`${directory}/bin`);
  if (program) await replaceLink(program, `${directory}/bin/oncall`);
  await Promise.all([
    writeText(`${directory}/${FILES.config}`, configText(address)),
    writeText(`${directory}/${FILES.kubeconfig}`, kubeconfig),
    writeText(`${directory}/${FILES.discord}`, discordText(address)),
    ...Object.entries(ghFiles(directory, PEOPLE[0]?.githubLogin ?? USER)).map(([name, text]) =>
      writeText(`${directory}/${FILES.gh}/${name}`, text),
    ),
    ...SERVICES.map(({ name }) => writeText(`${directory}/runbooks/${name}.md`, practiceRunbook(name))),
  ]);
  // Last, since its presence says that the rest is there.
  await writeText(`${directory}/${FILES.address}`, `${JSON.stringify(address, null, 2)}\n`);
}

function controlsOf({
  world,
  faults,
  reception,
}: {
  world: World;
  faults: Faults;
  reception: Reception;
}): Omit<Controls, 'token' | 'stop'> {
  return {
    status: () => ({
      scenario: world.scenario.name,
      speed: world.clock.speed,
      now: new Date(world.clock.now()).toISOString(),
      waited: Math.round(world.clock.waited()),
      openIncidents: world.incidentManager.incidents
        .list()
        .filter(({ status }) => status === 'OPEN')
        .map(({ title, arn }) => ({ title, arn })),
      faults: faults.list(),
      discord: { incidents: world.discord.messages('responders'), status: world.discord.messages('customers') },
      requests: reception.log().length,
    }),
    advance: (ms) => world.clock.advance(ms),
    play: (scenario) => world.play(scenario),
    faces: () => reception.faces,
    addFault: (fault) => faults.add(fault),
    faults: () => faults.list(),
    clearFaults: (id) => faults.clear(id),
    log: () => reception.log(),
    forgetLog: () => reception.forget(),
    failNextRun: ({ workflow = 'revert.yml', step = 'Deploy' }) => world.repositories.failNext({ workflow, step }),
    setEnabled: (enabled) => world.incidentManager.setEnabled(enabled),
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
