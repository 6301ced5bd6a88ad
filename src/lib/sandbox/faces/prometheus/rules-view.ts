import { printScientific } from '../../promql/print-value.ts';
import type { ActiveAlert } from '../../world/alerting/active-alert.ts';
import { type Alerting, EVALUATION_INTERVAL_MS } from '../../world/alerting/alerting.ts';
import type { RuleRun } from '../../world/alerting/rule-run.ts';
import { goTime, invalidParameter } from './answers.ts';

/** Evaluating a rule takes the real one about this long, in seconds. */
const EVALUATION_SECONDS = 0.000_437;

/** `/api/v1/rules` */
export function rulesView(alerting: Alerting, type: string): unknown {
  const wanted = type.toLowerCase();
  if (!['', 'alert', 'record'].includes(wanted)) throw invalidParameter('type', `not supported value "${wanted}"`);
  return {
    groups: alerting.groups.map(({ name, file, rules, lastEvaluation }) => ({
      name,
      file,
      rules: wanted === 'record' ? [] : rules.map(ruleView),
      interval: EVALUATION_INTERVAL_MS / 1000,
      limit: 0,
      evaluationTime: rules.length * EVALUATION_SECONDS,
      lastEvaluation: goTime(lastEvaluation),
    })),
  };
}

function ruleView(run: RuleRun): unknown {
  const { rule, state, query, alerts, health, lastError, lastEvaluation } = run;
  return {
    state,
    name: rule.alert,
    query,
    duration: rule.forMs / 1000,
    keepFiringFor: 0,
    labels: rule.labels,
    annotations: rule.annotations,
    alerts: alerts.map(alertView),
    health,
    ...(lastError === null ? {} : { lastError }),
    evaluationTime: lastEvaluation === null ? 0 : EVALUATION_SECONDS,
    lastEvaluation: goTime(lastEvaluation),
    type: 'alerting',
  };
}

/** `/api/v1/alerts` */
export function alertsView(alerting: Alerting): unknown {
  return { alerts: alerting.groups.flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts.map(alertView))) };
}

function alertView({ labels, annotations, state, activeAt, value }: ActiveAlert): unknown {
  return { labels: labels.toRecord(), annotations, state, activeAt: goTime(activeAt), value: printScientific(value) };
}
