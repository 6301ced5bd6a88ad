import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { plain } from '../text/plain.ts';
import { type Plot, plotOfAlert, plotOfExpression, plotOfQuery, sameExpression } from './plot.ts';

/** What an incident says to draw. */
export interface GraphSubject {
  service: Service | null;
  expression: { expr: string; rule: string } | null;
}

export interface Choice {
  /** Null for an expression that belongs to no service. */
  service: Service | null;
  plots: Plot[];
}

/** Something that no name is made of, and every expression but a bare metric name has. */
const EXPRESSION = /[\s(){}[\]+*/<>=!"']/;

/**
 * What the words mean: a service (all its queries), a service and one of its queries, a query of the incident's
 * service, an expression; without words, the alert's own expression and the queries of the incident's service.
 * @throws NOT_FOUND with near names, AMBIGUOUS, USAGE when there is nothing to draw
 */
export function choosePlots(
  words: { subject: string | null; query: string | null },
  known: { services: readonly Service[]; incident: GraphSubject | null },
): Choice {
  const { subject, query } = words;
  const { services, incident } = known;
  if (subject === null) return ofIncident(incident);
  const service = services.find(({ name }) => name === subject);
  if (service && query !== null) return { service, plots: [plotOfQuery(queryOf(service, query))] };
  if (service) return { service, plots: plotsOf(service, incident) };
  if (query !== null) throw noService(subject, services);
  const own = incident?.service?.queries.find(({ name }) => name === subject);
  if (own && incident) return { service: incident.service, plots: [plotOfQuery(own)] };
  if (!EXPRESSION.test(subject)) assertNoName(subject, services);
  return { service: null, plots: [plotOfExpression(subject)] };
}

function plotsOf(service: Service, incident: GraphSubject | null): Plot[] {
  const expression = incident?.service?.name === service.name ? incident.expression : null;
  if (service.queries.length === 0 && !expression) {
    throw new OncallError(`${service.name} has no named queries.`, {
      code: 'NOT_FOUND',
      hint: `Add some under \`services.${service.name}.queries\` in oncall.yaml, or give an expression: oncall graph 'up'`,
    });
  }
  return withAlert(expression, service);
}

/** The alert first, and nothing twice. */
function withAlert(expression: GraphSubject['expression'], service: Service | null): Plot[] {
  const queries = service?.queries ?? [];
  if (!expression) return queries.map(plotOfQuery);
  const alert = plotOfAlert(expression, queries);
  return [alert, ...queries.filter(({ expr }) => !sameExpression(expr, alert.drawn)).map(plotOfQuery)];
}

function ofIncident(incident: GraphSubject | null): Choice {
  if (!incident) {
    throw new OncallError('No incident is open, so there is nothing that a bare `oncall graph` could mean.', {
      code: 'USAGE',
      hint: 'Name a service or an expression: oncall graph SERVICE',
    });
  }
  const plots = withAlert(incident.expression, incident.service);
  if (plots.length > 0) return { service: incident.service, plots };
  if (incident.service) return { service: incident.service, plots: plotsOf(incident.service, null) };
  throw new OncallError('The incident names no service, and no alert opened it.', {
    code: 'NOT_FOUND',
    hint: 'Say which service it is about: oncall incident link SERVICE',
  });
}

function queryOf(service: Service, name: string) {
  const found = service.queries.find((query) => query.name === name);
  if (found) return found;
  const names = service.queries.map((query) => query.name);
  throw new OncallError(`${service.name} has no query "${plain(name)}".${didYouMean(name, names)}`, {
    code: 'NOT_FOUND',
    hint: names.length > 0 ? `Choose one of: ${names.join(', ')}.` : 'Add it to oncall.yaml.',
  });
}

/** A bare word may be a metric's name; one that is a query's name, or nearly a service's, is more likely that. */
function assertNoName(word: string, services: readonly Service[]): void {
  const owners = services.filter(({ queries }) => queries.some(({ name }) => name === word));
  if (owners.length > 0) {
    throw new OncallError(`"${word}" is a query of ${owners.map(({ name }) => name).join(', ')}.`, {
      code: owners.length > 1 ? 'AMBIGUOUS' : 'USAGE',
      hint: `Name the service first: oncall graph ${owners[0]?.name} ${word}`,
    });
  }
  const names = services.map(({ name }) => name);
  if (/[-.]/.test(word) || nearest(word, names).length > 0) throw noService(word, services);
}

function noService(word: string, services: readonly Service[]): OncallError {
  const names = services.map(({ name }) => name);
  return new OncallError(`There is no service "${plain(word)}".${didYouMean(word, names)}`, {
    code: 'NOT_FOUND',
    hint: names.length > 0 ? `Choose one of: ${names.join(', ')}.` : 'Add it under `services:` in oncall.yaml.',
  });
}
