import { plain } from '../text/plain.ts';

const SHOWN_FILES = 3;
const MIGRATION = /(^|\/)migrations?\/|\.sql$/i;
const SETTINGS =
  /(^|\/)\.env[\w.-]*$|\.tfvars(\.json)?$|(^|\/)(values|config|settings|application|secrets?)[\w.-]*\.(ya?ml|json|toml|ini|env|properties|conf)$|(^|\/)(config|conf|secrets?|helm|charts|k8s|kubernetes|terraform)\/.*\.(ya?ml|json|toml|ini|env|properties|conf|tf|tpl)$/i;

/** The files of a change that do not go back with the code, by their paths. */
export function delicateFiles(paths: readonly string[]): { migrations: string[]; settings: string[] } {
  const migrations = paths.filter((path) => MIGRATION.test(path));
  return { migrations, settings: paths.filter((path) => SETTINGS.test(path) && !MIGRATION.test(path)) };
}

/** The first few names, and how many more there are. */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_FILES).map(plain).join(', ');
  return names.length > SHOWN_FILES ? `${shown} and ${names.length - SHOWN_FILES} more` : shown;
}
