import type { Prometheus } from '../../../src/lib/clients/prometheus/prometheus.ts';
import type { Query, Service } from '../../../src/lib/config/config.ts';

export function query(name: string, changes: Partial<Query> = {}): Query {
  return { name, expr: `${name}_expr`, unit: null, limit: null, description: null, ...changes };
}

export function service(name: string, ...queries: Query[]): Service {
  return {
    name,
    description: null,
    target: { context: null, namespace: 'production', selector: `app=${name}` },
    repository: null,
    githubEnvironment: 'production',
    workflows: { deploy: '', revert: '', ref: null, shaInput: '', nonceInput: '', reasonInput: '' },
    queries,
    runbook: null,
    responsePlan: name,
    dependsOn: [],
  };
}

type Value = number | null | ((at: number) => number | null);

/** Prometheus with a value, or a function of the time, for each expression it knows; null is a gap. */
export function prometheusWith(values: Record<string, Value>): Prometheus {
  const at = (expr: string, moment: number) => {
    const value = values[expr];
    return typeof value === 'function' ? value(moment) : (value ?? null);
  };
  return {
    async query(expr, moment = 0) {
      const value = at(expr, moment);
      return { series: value === null ? [] : [{ labels: {}, sample: { at: moment, value } }], warnings: [] };
    },
    async queryRange(expr, { from, to, stepSeconds }) {
      const samples = [];
      for (let moment = from; moment <= to; moment += stepSeconds * 1000) {
        const value = at(expr, moment);
        if (value !== null) samples.push({ at: moment, value });
      }
      return { series: samples.length > 0 ? [{ labels: {}, samples }] : [], warnings: [] };
    },
    alertRules: async () => [],
    alertmanagers: async () => [],
    labelValues: async () => [],
    version: async () => '3.0.0',
  };
}
