import { OncallError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { plain } from '../text/plain.ts';
import type { Config, Service } from './config.ts';

/** A service by the name that the team gave it. @throws NOT_FOUND with near names */
export function findService({ services, path }: Config, name: string): Service {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  const names = services.map((service) => service.name);
  throw new OncallError(`There is no service "${plain(name)}".${didYouMean(name, names)}`, {
    code: 'NOT_FOUND',
    hint: names.length > 0 ? `Choose one of: ${names.join(', ')}.` : `Add it under \`services:\` in ${path}.`,
  });
}
