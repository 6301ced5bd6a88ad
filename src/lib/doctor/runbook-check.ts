import type { Service } from '../config/config.ts';
import { type Flaw, type Seen, skipped, summed } from './check.ts';

/** Whether the runbook that each service names is there. One that is an address is not fetched. */
export async function runbooks(
  services: readonly Service[],
  textBeside: (path: string) => Promise<string | null>,
): Promise<Seen> {
  if (services.length === 0) return skipped('no services are configured');
  const flaws = await Promise.all(
    services.map(async ({ name, runbook }): Promise<Flaw[]> => {
      if (!runbook) {
        const remedy = `Write one, and name it under \`runbook\` of ${name} in oncall.yaml.`;
        return [{ subject: name, words: 'no runbook', remedy, code: null }];
      }
      if (URL.canParse(runbook) || (await textBeside(runbook))?.trim()) return [];
      const remedy = `Write ${runbook} beside oncall.yaml, or correct \`runbook\` of ${name} there.`;
      return [{ subject: name, words: `${runbook} is not there, or empty`, remedy, code: 'CONFIG' }];
    }),
  );
  return summed(
    flaws.flat(),
    `there for ${services.length === 1 ? 'the one service' : `all ${services.length} services`}`,
  );
}
