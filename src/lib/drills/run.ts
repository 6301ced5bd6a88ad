import { OncallError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type Check, judge } from './outcome.ts';
import { BAD_DEPLOY_STEPS, type DrillStep } from './walk.ts';

/** How a drill ended. */
export interface DrillResult {
  scenario: string;
  passed: boolean;
  /** Seconds from the first line to the last. */
  seconds: number;
  steps: { command: string; exitCode: number }[];
  checks: Check[];
}

export interface DrillHands {
  /** Says something about the drill itself. */
  tell(text: string): void;
  /** Prints a command as it is typed. */
  type(command: string, why: string): void;
  /** Runs `oncall` with these words as a child, its output on the terminal. @returns its exit code */
  oncall(argv: readonly string[]): Promise<number>;
  now(): number;
  signal: AbortSignal;
}

/** Longest that the page may take to arrive, in milliseconds. */
const PATIENCE = 30_000;

/** Resolves when somebody's phone rings in the practice world, with whose it is. */
export function firstPage(sandbox: Sandbox, signal: AbortSignal): Promise<string> {
  const { incidentManager } = sandbox.world;
  const { engagements, incidents } = incidentManager;
  const open = incidents.list().filter(({ status }) => status === 'OPEN');
  const pages = open
    .flatMap(({ arn }) => engagements.list({ incident: arn }))
    .flatMap((one) => engagements.pages.ofEngagement(one));
  const rung = pages.find(({ deliveredAt }) => deliveredAt !== null);
  if (rung) return Promise.resolve(rung.contact);
  return new Promise((resolve, reject) => {
    const finish = (act: () => void) => {
      stop();
      clearTimeout(late);
      act();
    };
    const stop = incidentManager.onChange((change) => {
      if (change.kind === 'page-delivered') finish(() => resolve(change.person));
    });
    const late = setTimeout(
      () =>
        finish(() =>
          reject(
            new OncallError('No page arrived in the practice world.', {
              code: 'BUG',
              hint: 'Report it, with the output above.',
            }),
          ),
        ),
      PATIENCE,
    );
    signal.addEventListener(
      'abort',
      () => finish(() => reject(new OncallError('Interrupted.', { code: 'INTERRUPTED' }))),
      { once: true },
    );
  });
}

/**
 * Walks through the scenario with the real commands, as an engineer would type them. It stops at the first command that
 * fails: pretending that it had worked would teach the wrong thing.
 */
export async function runDrill(
  sandbox: Sandbox,
  hands: DrillHands,
  steps: readonly DrillStep[] = BAD_DEPLOY_STEPS,
): Promise<DrillResult> {
  const began = hands.now();
  await firstPage(sandbox, hands.signal);
  hands.tell('Your phone rings: "dolthubapi is down".');
  const done: DrillResult['steps'] = [];
  for (const { argv, why } of steps) {
    const command = ['oncall', ...argv.map(quoted)].join(' ');
    hands.type(command, why);
    const exitCode = await hands.oncall(argv);
    done.push({ command, exitCode });
    if (exitCode !== 0) break;
  }
  const checks = judge(sandbox);
  return {
    scenario: sandbox.world.scenario.name,
    passed:
      checks.every(({ passed }) => passed) &&
      done.length === steps.length &&
      done.every(({ exitCode }) => exitCode === 0),
    seconds: Math.round((hands.now() - began) / 100) / 10,
    steps: done,
    checks,
  };
}

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}
