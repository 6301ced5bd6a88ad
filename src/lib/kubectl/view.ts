import type { ClusterIdentity } from '../clients/kubernetes/kubernetes.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import type { Judgement } from './judge.ts';
import { shellText } from './kubectl-call.ts';
import type { Aim } from './refusals.ts';

/** One line before kubectl runs: where it is pointed, and as whom. */
export function headerView(aim: Aim, identity: ClusterIdentity, { elsewhere }: Judgement, paint: Paint): string {
  const place = elsewhere === '*' ? 'all namespaces' : `namespace ${plain(elsewhere ?? aim.namespace)}`;
  const parts = [
    paint.strong(plain(aim.service)),
    `${plain(identity.context)} (${plain(new URL(identity.server).host)})`,
    elsewhere === null ? place : paint.warn(`${place}, not only ${plain(aim.namespace)}`),
    identity.user ? `as ${plain(identity.user)}` : null,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What a changing command would run, and on what. */
export function planView(words: readonly string[], facts: { environment: string; paint: Paint }): string {
  const { environment, paint } = facts;
  return `${paint.warn(paint.sign.warn)} This may change ${plain(environment)}: ${paint.strong(plain(shellText(['kubectl', ...words])))}`;
}

/** That a list shows other services too, and how it would not. */
export function unselectedView(aim: Aim, selector: string, paint: Paint): string {
  const flag = shellText(['-l', plain(selector)]);
  return paint.dim(`${paint.sign.next} This is all of the namespace; only ${plain(aim.service)}: add ${flag}`);
}

/** What to look at after a change. */
export function nextView({ verb }: Judgement, aim: Aim, paint: Paint): string | null {
  if (/^(exec|attach|cp|port-forward|proxy|debug|diff|get|describe|logs|config)\b/.test(verb)) return null;
  const next = /^(rollout|set|scale|patch|apply|edit|replace|delete)\b/.test(verb)
    ? `oncall kubectl ${aim.service} -- rollout status deployment`
    : `oncall kubectl ${aim.service} -- get events`;
  return paint.dim(`${paint.sign.next} See what it did: ${next}`);
}

/** The command as it may be written down: the verb and the type, and none of the words. */
export function journalWords({ verb, type, writes }: Judgement): string[] {
  return [verb, ...(writes && type ? [type] : []), '…'];
}

/** What the timeline says of a change. */
export function writeNote({ verb, type }: Judgement, aim: Aim, code: number): string {
  const what = type ? ` of ${type}` : '';
  return `kubectl ${verb}${what} for ${aim.service}, namespace ${aim.namespace}${code === 0 ? '' : ` (failed, exit code ${code})`}`;
}
