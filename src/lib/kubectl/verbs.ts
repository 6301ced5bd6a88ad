import { flagList, type KubectlFlag } from './flags.ts';

/** A command of kubectl that only reads, with all that may be said to it. What is not listed here needs `--write`. */
export interface ReadVerb {
  /** As kubectl has it, e.g. `rollout status`. */
  words: string;
  flags: readonly KubectlFlag[];
  /** Whether its words name types of objects, so that a Secret may be among them. */
  namesTypes: boolean;
  /** False for what never asks a cluster. */
  asksCluster: boolean;
  /** How many words may follow; any number unless told. */
  most?: number;
}

const PRINT = '--allow-missing-template-keys -o|--output= --show-managed-fields --template=';
const ALL = '-A|--all-namespaces';
const SELECT = '-l|--selector=';

function verb(words: string, flags = '', more: Partial<ReadVerb> = {}): ReadVerb {
  return { words, flags: flagList(flags), namesTypes: false, asksCluster: true, ...more };
}

/**
 * The allow-list. A flag that is missing from a command's list is missing on purpose, or newer than this list:
 * `-f`, `-k` and `-R` (files and addresses whose content nobody has seen), `--raw` (any path, Secrets included),
 * `--insecure-skip-tls-verify-backend`. Of `config`, `view` is missing: it prints what credential plugins are given, and
 * with `--raw` or `--flatten` every token.
 */
export const READ_VERBS: readonly ReadVerb[] = [
  verb(
    'get',
    `${ALL} ${SELECT} ${PRINT} --chunk-size= --field-selector= --ignore-not-found -L|--label-columns= --no-headers --output-watch-events --server-print --show-kind --show-labels --sort-by= --subresource= -w|--watch --watch-only`,
    { namesTypes: true },
  ),
  verb('describe', `${ALL} ${SELECT} --chunk-size= --show-events`, { namesTypes: true }),
  verb(
    'logs',
    `${SELECT} --all-containers --all-pods -c|--container= -f|--follow --ignore-errors --limit-bytes= --max-log-requests= --pod-running-timeout= --prefix -p|--previous --since= --since-time= --tail= --timestamps`,
    { namesTypes: true },
  ),
  ...['pod', 'pods', 'po'].map((name) =>
    verb(
      `top ${name}`,
      `${ALL} ${SELECT} --containers --field-selector= --no-headers --sort-by= --sum --show-swap --use-protocol-buffers`,
    ),
  ),
  ...['node', 'nodes', 'no'].map((name) =>
    verb(`top ${name}`, `${SELECT} --no-headers --show-capacity --show-swap --sort-by= --use-protocol-buffers`),
  ),
  verb('events', `${ALL} ${PRINT} --chunk-size= --for= --no-headers --types= -w|--watch`, { most: 0 }),
  verb('explain', '--api-version= -o|--output= --recursive'),
  verb('version', '--client -o|--output= --short', { most: 0 }),
  verb(
    'api-resources',
    '--api-group= --cached --categories= --namespaced --no-headers -o|--output= --sort-by= --verbs=',
  ),
  verb('api-versions', '', { most: 0 }),
  // Its sub-command `dump` copies a whole cluster, to files if it likes.
  verb('cluster-info', '', { most: 0 }),
  verb('auth can-i', `${ALL} --list --no-headers -q|--quiet --subresource=`),
  verb('auth whoami', PRINT, { most: 0 }),
  verb('rollout status', `${SELECT} --revision= --timeout= -w|--watch`, { namesTypes: true }),
  verb('rollout history', `${SELECT} ${PRINT} --revision=`, { namesTypes: true }),
  verb('wait', `${ALL} ${SELECT} ${PRINT} --all --field-selector= --for= --timeout=`, { namesTypes: true }),
  verb('config current-context', '', { asksCluster: false, most: 0 }),
  verb('config get-contexts', '--no-headers -o|--output=', { asksCluster: false }),
  verb('options', '', { asksCluster: false, most: 0 }),
  verb('help', '', { asksCluster: false }),
  verb('completion', '', { asksCluster: false, most: 1 }),
];

/** Commands that are nothing without a second word. */
export const GROUPS: ReadonlySet<string> = new Set([
  'rollout',
  'top',
  'auth',
  'config',
  'set',
  'certificate',
  'alpha',
  'kuberc',
  'plugin',
]);

/** Every command of kubectl itself; any other word is a plugin, or newer than this list. */
export const BUILT_IN: ReadonlySet<string> = new Set(
  `annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion config cordon cp
  create debug delete describe diff drain edit events exec explain expose get help kustomize label logs options patch
  port-forward proxy replace rollout run scale set taint top uncordon version wait alpha kuberc plugin`.split(/\s+/),
);
