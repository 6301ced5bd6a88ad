import { type Deploy, sameCommit, shortSha } from '../deploys/deploy.ts';
import type { DeployHistory } from '../deploys/history.ts';
import { OncallError } from '../errors.ts';
import { plain } from '../text/plain.ts';

const SHOWN_CANDIDATES = 5;
const SHORTEST_PREFIX = 4;

/** The deploy to go back to, or why there is nothing to do. */
export type Target = { deploy: Deploy; nothing: null } | { deploy: null; nothing: string };

type Past = Pick<DeployHistory, 'service' | 'now' | 'deploys' | 'alreadyLastGood' | 'drift'>;

/**
 * Chooses where a revert leads: to the commit that was named, if it ever succeeded in production, or to the last good one.
 * @param to beginning of a commit; null for the last good one
 * @throws REFUSED naming the candidates, AMBIGUOUS, NOT_FOUND when nothing ever went out
 */
export function chooseTarget(history: Past, to: string | null): Target {
  const { service, now, deploys } = history;
  if (to !== null) return chosen(history, to.trim().toLowerCase());
  if (now && history.alreadyLastGood) {
    const text = `${service} already runs the last good version, ${shortSha(now.sha)}: it ran without an incident before.`;
    const apart = history.drift
      ? ` GitHub's last deployment still says ${shortSha(history.drift.recorded)}; --to ${shortSha(now.sha)} brings the record together.`
      : '';
    return { deploy: null, nothing: `${text}${apart}` };
  }
  const deploy = deploys.find(({ lastGood }) => lastGood);
  if (deploy) return { deploy, nothing: null };
  if (deploys.length === 0) {
    throw new OncallError(`No deploy of ${service} is known, so there is nothing to go back to.`, {
      code: 'NOT_FOUND',
      hint: 'Check `repository` and `githubEnvironment` in oncall.yaml: `oncall config show`',
    });
  }
  throw refused(`No earlier version of ${service} is known to have run without an incident.`, history);
}

function chosen(history: Past, to: string): Target {
  const { service, now, deploys } = history;
  const fits = ({ sha }: { sha: string }) =>
    sameCommit(sha, to) || (to.length >= SHORTEST_PREFIX && sha.toLowerCase().startsWith(to));
  // Where the cluster was put back by hand, the workflow has still to run, so that the record and the cluster agree again.
  if (now && fits(now) && !history.drift)
    return { deploy: null, nothing: `${service} already runs ${shortSha(now.sha)}.` };
  const named = deploys.filter(fits);
  const good = named.filter(({ state }) => state === 'succeeded');
  const shas = [...new Set(good.map(({ sha }) => sha))];
  if (shas.length > 1) {
    throw new OncallError(`"${plain(to)}" is the beginning of several commits.`, {
      code: 'AMBIGUOUS',
      hint: `Name more of it: ${shas.map((sha) => sha.slice(0, 12)).join(', ')}.`,
    });
  }
  if (good[0]) return { deploy: good[0], nothing: null };
  const why = named.length > 0 ? 'was never deployed with success' : 'has never been in production, as far as is known';
  throw refused(`${plain(to)} ${why}, so reverting to it is refused.`, history);
}

/** Commits that succeeded once and do not run now, newest first, each once. */
export function candidates({ deploys, now }: Past): Deploy[] {
  const found: Deploy[] = [];
  for (const deploy of deploys) {
    const seen = found.some(({ sha }) => sameCommit(sha, deploy.sha)) || sameCommit(deploy.sha, now?.sha ?? null);
    if (deploy.state === 'succeeded' && !seen) found.push(deploy);
  }
  return found;
}

function refused(message: string, history: Past): OncallError {
  const lines = candidates(history)
    .slice(0, SHOWN_CANDIDATES)
    .map(({ sha, title, succeededAt }) =>
      `  --to ${shortSha(sha)}  ${succeededAt?.slice(0, 16) ?? ''}Z  ${plain(title ?? '')}`.trimEnd(),
    );
  return new OncallError(message, {
    code: 'REFUSED',
    hint:
      lines.length > 0
        ? `Choose one that succeeded before:\n${lines.join('\n')}`
        : `Look at what went out: \`oncall deploys ${history.service} --since 30d\``,
  });
}
