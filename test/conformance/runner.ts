import type { Model, Service } from './aws-model.ts';
import { documentedBehaviours } from './behaviours.ts';
import { type Account, type Check, play } from './check.ts';
import { CONTACT_CHECKS } from './checks-contacts.ts';
import { INCIDENT_CHECKS, PAGE_CHECKS } from './checks-incidents.ts';
import { READ_CHECKS } from './checks-read.ts';
import { differences } from './compare.ts';

export const ALL_CHECKS: readonly Check[] = [...READ_CHECKS, ...CONTACT_CHECKS, ...INCIDENT_CHECKS, ...PAGE_CHECKS];

export interface RunOptions {
  write: boolean;
  /** Alias of the contact who agreed to be paged. */
  pageable?: string | undefined;
  /** Whether the account has a replication set; one that never had gets other checks. */
  enabled: boolean;
  /** Begins the names of all that is made. */
  prefix: string;
  now: () => number;
  /** Hears of what could not be taken away from the account again. */
  left: (operation: string, error: string) => void;
}

/** What came of one behaviour, over all checks about it. */
export interface Finding {
  id: string;
  evidence: string;
  checks: number;
  /** `not compared`: not allowed to ask, or nothing there to look at. */
  verdict: 'same' | 'different' | 'not compared';
  differences: string[];
}

function chosen({ write, pageable, enabled }: RunOptions): Check[] {
  return ALL_CHECKS.filter((check) => {
    if ((check.neverEnabled ?? false) === enabled) return false;
    return check.kind === 'read' || (check.kind === 'write' ? write : pageable !== undefined);
  });
}

/**
 * Plays the checks in an account and in the practice world, and holds the answers side by side: their forms and their
 * errors, never their values.
 */
export async function compareAccounts(
  models: Readonly<Record<Service, Model>>,
  { theirs, ours }: { theirs: Account; ours: Account },
  options: RunOptions,
): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  const behaviours = documentedBehaviours();
  for (const [i, check] of chosen(options).entries()) {
    const how = { ...options, prefix: `${options.prefix}-${i}` };
    const there = await play(check, theirs, how);
    // The practice world pages nobody real, so its own engineer on call will do.
    const pageable = options.pageable === undefined ? undefined : 'sam';
    const here = await play(check, ours, { ...how, pageable, left: () => {} });
    const denied = there.some(({ answer }) => /AccessDenied|Throttling/.test(answer.error ?? ''));
    const lines = denied ? [] : differences(check, models, { theirs: there, ours: here });
    const compared = !denied && there.length > 0 && here.length > 0;
    for (const id of check.about) {
      const evidence = behaviours.get(id)?.evidence ?? '?';
      const one = found.get(id) ?? { id, evidence, checks: 0, verdict: 'not compared' as const, differences: [] };
      one.checks += compared ? 1 : 0;
      one.differences.push(...lines);
      const same = one.checks > 0 ? 'same' : 'not compared';
      found.set(id, { ...one, verdict: one.differences.length > 0 ? 'different' : same });
    }
  }
  return [...found.values()];
}

/** Of the evidence, the letters that `docs/sandbox-fidelity.md` explains. */
function letters(evidence: string): string {
  return [...new Set(evidence.match(/\b[MDOTI]\b/g))].join(' ') || '-';
}

/** The findings as a table, with every difference under its row. */
export function findingsTable(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ id }) => id.length), 9);
  const lines = [`${'behaviour'.padEnd(width)}  evidence  checks  verdict`];
  for (const { id, evidence, checks, verdict, differences: all } of findings) {
    lines.push(`${id.padEnd(width)}  ${letters(evidence).padEnd(8)}  ${String(checks).padStart(6)}  ${verdict}`);
    for (const line of new Set(all)) lines.push(`${' '.repeat(width)}    ${line}`);
  }
  const different = findings.filter(({ verdict }) => verdict === 'different').length;
  return `${[...lines, '', `${findings.length} behaviours, ${different} different`].join('\n')}\n`;
}
