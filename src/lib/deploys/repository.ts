import type { Service } from '../config/config.ts';
import { OncallError } from '../errors.ts';

/** The repository that a service is deployed from. @throws CONFIG when it names none */
export function repositoryOf(service: Service): string {
  if (service.repository) return service.repository;
  throw new OncallError(`oncall.yaml does not say which repository ${service.name} is deployed from.`, {
    code: 'CONFIG',
    hint: `Add \`repository: owner/name\` under \`services.${service.name}\`.`,
  });
}
