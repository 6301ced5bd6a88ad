import type { Verdict } from './workflow-expression.ts';

type Fields = Record<string, unknown>;

/** Commands that change what runs somewhere. What only reads (`kubectl get`, `rollout status`) is none. */
const DEPLOYING = [
  /\bkubectl\b[^\n;|&]*\s(apply|set|patch|replace|create|scale|delete|rollout\s+(restart|undo))\b/,
  /\b(helm|helmfile)\b[^\n;|&]*\s(upgrade|install|rollback|apply|sync)\b/,
  /\b(terraform|tofu)\b[^\n;|&]*\sapply\b/,
  /\b(pulumi\s+up|cdk\s+deploy|serverless\s+deploy|sls\s+deploy|argocd\s+app\s+(sync|set)|flux\s+reconcile)\b/,
  /\b(skaffold\s+(run|deploy)|wrangler\s+(deploy|publish)|netlify\s+deploy|nomad\s+job\s+run|nomad\s+run|cf\s+push)\b/,
  /\baws\s+(ecs\s+update-service|lambda\s+update-|s3\s+(sync|cp)|cloudformation\s+deploy|deploy\s+create)/,
  /\b(gcloud\b[^\n;|&]*\sdeploy|az\s+(webapp|containerapp|functionapp)|fly(ctl)?\s+deploy|vercel\b|heroku\b)/,
  /\b(ansible-playbook|docker\s+(stack\s+deploy|service\s+update)|rsync\s|ssh\s)/,
];
const DEPLOYING_ACTION = /deploy|helm|kubectl|kubernetes|k8s|kustomize|argo|ecs-/i;
const PREPARING_ACTION = /setup|set-up|login|auth|credentials|configure|install|set-context|context-set|render/i;

/** Whether a step deploys, as far as its command or its action tells. */
export function deploysIt(step: Fields): boolean {
  const action = typeof step['uses'] === 'string' ? step['uses'] : '';
  if (action) return DEPLOYING_ACTION.test(action) && !PREPARING_ACTION.test(action);
  const script = scriptOf(step);
  return DEPLOYING.some((pattern) => pattern.test(script));
}

/**
 * Whether a step, once it runs, fails while the hold is set: a script that ends with an error in any case, or one that
 * does so when the hold's text is not empty. To mention the hold is not enough.
 * @param known `hold` as a path, e.g. `vars.deploy_hold`; `env` names the variables that carry its text
 */
export function stopsIt(step: Fields, known: { hold: string; env: readonly string[] }): Verdict {
  if (step['continue-on-error'] !== undefined && step['continue-on-error'] !== false) return false;
  if (typeof step['uses'] === 'string') {
    return mentions(JSON.stringify(step['with'] ?? {}), known.hold) ? null : false;
  }
  const script = scriptOf(step);
  if (failsAnyway(script)) return true;
  const told = spelled(script, known);
  if (!told.includes(HOLD)) return false;
  if (GUARDS.some((pattern) => pattern.test(told))) return true;
  return FAILS.test(told) ? null : false;
}

/** Whether a step's own script or parameters have the hold in them. */
export function looksAtIt(step: Fields, known: { hold: string; env: readonly string[] }): boolean {
  return mentions(JSON.stringify(step['with'] ?? {}), known.hold) || spelled(scriptOf(step), known).includes(HOLD);
}

/** The script without comments, and with lines that are continued made one. */
function scriptOf(step: Fields): string {
  const run = typeof step['run'] === 'string' ? step['run'] : '';
  return run.replace(/\\\n\s*/g, ' ').replace(/(^|\s)#(?![{]).*$/gm, '$1');
}

const FAILS = /\b(exit\s+[1-9]\d*|return\s+[1-9]\d*|false)\b/;

/** Whether an `exit 1` stands where nothing decides about it: outside of `if`, `case`, loops, functions, `&&` and `||`. */
function failsAnyway(script: string): boolean {
  let depth = 0;
  for (const line of script.split('\n').map((one) => one.trim())) {
    if (/^(if|case|while|until|for)\b/.test(line) || /(\(\)|^function\b.*)\s*\{$/.test(line)) depth++;
    if (depth === 0 && /^exit\s+[1-9]/.test(line)) return true;
    if (depth === 0 && /^exit\b/.test(line)) return false;
    if (/(^|;\s*)(fi|esac|done)\b/.test(line) || line === '}') depth = Math.max(0, depth - 1);
  }
  return false;
}

const HOLD = '<HOLD>';
const FILLED = `(-n\\s+"?${HOLD}"?|!\\s+-z\\s+"?${HOLD}"?|"?${HOLD}"?\\s*!=\\s*(""|'')|!\\s*\\[+\\s*-z\\s+"?${HOLD}"?)`;
const EMPTY = `(-z\\s+"?${HOLD}"?|"?${HOLD}"?\\s*==?\\s*(""|''))`;
const FAIL = '(exit\\s+[1-9]\\d*)';

/** Ways to write "fail when it is set". */
const GUARDS = [
  new RegExp(
    `\\bif\\s+(\\[+|test)?\\s*${FILLED}[^;\\n]*(;|\\n)\\s*then\\b(?:(?!\\b(fi|else|elif)\\b)[\\s\\S])*?${FAIL}`,
  ),
  new RegExp(`(\\[+|test)\\s+${FILLED}\\s*\\]*\\s*&&\\s*(\\{[^}]*)?${FAIL}`),
  new RegExp(`(\\[+|test)\\s+${EMPTY}\\s*\\]*\\s*\\|\\|\\s*(\\{[^}]*)?${FAIL}`),
  new RegExp(
    `\\bif\\s+(\\[+|test)?\\s*${EMPTY}[^;\\n]*(;|\\n)\\s*then\\b(?:(?!\\bfi\\b)[\\s\\S])*?\\belse\\b(?:(?!\\bfi\\b)[\\s\\S])*?${FAIL}`,
  ),
];

/** The script with one word for the hold, however it is spelled. */
function spelled(script: string, { hold, env }: { hold: string; env: readonly string[] }): string {
  const name = hold.replace(/^vars\./, '');
  const expression = new RegExp(`\\$\\{\\{\\s*vars\\s*(\\.\\s*${name}|\\[\\s*'${name}'\\s*\\])\\s*\\}\\}`, 'gi');
  let told = script.replace(expression, HOLD);
  for (const one of env) told = told.replace(new RegExp(`\\$(\\{${one}(:-)?\\}|${one}\\b)`, 'g'), HOLD);
  return told;
}

function mentions(text: string, hold: string): boolean {
  return text.toLowerCase().includes(hold);
}
