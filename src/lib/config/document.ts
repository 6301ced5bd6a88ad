import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { OncallError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { type FileContent, fileSchema, knownKeys } from './schema.ts';

/** A configuration file that has been read and found valid. */
export interface Document {
  path: string;
  content: FileContent;
  /** Line of a key or value, counted from 1; null when the path is not in the file. */
  lineOf(path: readonly PropertyKey[]): number | null;
}

const SECRET =
  /^(gh[pousr]_|github_pat_|AKIA|ASIA|xox[bp]-|-----BEGIN)|api\/(v\d+\/)?webhooks\/\d+\/|:\/\/[^/\s:]+:[^/\s@]+@/;
const WEBHOOK = /api\/(v\d+\/)?webhooks\/\d+\//;
const WEBHOOKS_BELONG =
  'Webhooks belong in ~/.config/oncall/discord.yaml (`responders: URL`, `customers: URL`), or in ONCALL_DISCORD_RESPONDERS and ONCALL_DISCORD_CUSTOMERS';
const PHONE = /^\+\d{8,15}$/;
const PHONE_PUNCTUATION = /[\s().-]/g;

/**
 * Reads the text of an `oncall.yaml`.
 * @throws CONFIG naming file, line, column, what is wrong and how to mend it; all problems at once
 */
export function parseDocumentText(text: string, path: string): Document {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true, logLevel: 'error' });
  const position = (node: Node | null | undefined) =>
    node?.range ? lines.linePos(node.range[0]) : { line: 1, col: 1 };
  const broken = yaml.errors[0];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw invalid(path, [{ line, col, text: `not valid YAML: ${yamlWords(broken.message)}` }]);
  }
  const find = (steps: readonly PropertyKey[], key?: string): Node | null | undefined => {
    const node = steps.length === 0 ? yaml.contents : (yaml.getIn(steps, true) as Node | undefined);
    if (key === undefined || !isMap(node)) return node;
    return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.key as Node | undefined;
  };
  const problems: Problem[] = [];
  const value = contentOf(yaml, path);
  const checked = fileSchema.safeParse(value);
  for (const issue of flatten(checked.error?.issues ?? [])) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys ?? []) {
        const where = issue.path.length > 0 ? ` in ${issue.path.join('.')}` : '';
        problems.push({
          ...at(position(find(issue.path, key))),
          text: `unknown key "${key}"${where}.${didYouMean(key, knownKeys(issue.path))}`,
        });
      }
    } else {
      const node = find(issue.path) ?? find(issue.path.slice(0, -1));
      problems.push({ ...at(position(node)), text: `${issue.path.join('.') || 'the file'}: ${issueWords(issue)}` });
    }
  }
  for (const { steps, text: leaf } of leaves(value)) {
    const what = SECRET.test(leaf)
      ? 'looks like a secret'
      : PHONE.test(leaf.replace(PHONE_PUNCTUATION, ''))
        ? 'looks like a phone number'
        : null;
    if (what)
      problems.push({
        ...at(position(find(steps))),
        text: `${steps.join('.')} ${what}; this file is checked in, so it must hold none${WEBHOOK.test(leaf) ? `. ${WEBHOOKS_BELONG}` : ''}`,
      });
  }
  if (problems.length > 0 || !checked.success) throw invalid(path, problems);
  return {
    path,
    content: checked.data,
    lineOf(steps) {
      const node = find(steps.slice(0, -1), String(steps.at(-1)));
      return node?.range ? lines.linePos(node.range[0]).line : null;
    },
  };
}

/** What aliases (`*name`) stand for is only looked up here. */
function contentOf(yaml: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return (yaml.toJS() ?? {}) as unknown;
  } catch (error) {
    throw invalid(path, [{ line: 1, col: 1, text: `not valid YAML: ${yamlWords((error as Error).message)}` }]);
  }
}

/** The parser's words without the piece of the file that it quotes and its advice to programmers. */
function yamlWords(message: string): string {
  const [first = ''] = message.split('\n');
  return first
    .replace(/ at line.*$/, '')
    .replace(/; please use .*$/, '')
    .replace(/^With stringKeys, /, '');
}

interface Problem {
  line: number;
  col: number;
  text: string;
}

interface Issue {
  code: string;
  path: PropertyKey[];
  message: string;
  format?: string;
  keys?: string[];
  errors?: Issue[][];
}

function at(position: { line: number; col: number }): { line: number; col: number } {
  return { line: position.line, col: position.col };
}

/** A union's own message says only "invalid input"; the deepest branch says what a person needs. */
function flatten(issues: readonly unknown[]): Issue[] {
  return (issues as Issue[]).flatMap((issue) => {
    if (issue.code !== 'invalid_union' || !issue.errors) return [issue];
    const best = issue.errors.find((branch) =>
      branch.some((inner) => inner.code === 'unrecognized_keys' || inner.path.length > 0),
    );
    return best ? best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) : [issue];
  });
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
  null: 'empty',
};

function issueWords({ code, format, message }: Issue): string {
  const [, expected = '', received = ''] = /expected (\w+), received (\w+)/.exec(message) ?? [];
  if (received === 'undefined') return 'is missing';
  if (received) return `must be ${KINDS[expected] ?? expected}, not ${KINDS[received] ?? received}`;
  if (code === 'invalid_format' && format === 'url') return 'must be an address such as https://prometheus.example.com';
  return message;
}

function* leaves(value: unknown, steps: PropertyKey[] = []): Generator<{ steps: PropertyKey[]; text: string }> {
  if (typeof value === 'string') yield { steps, text: value };
  else if (value && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...steps, key]);
}

function invalid(path: string, problems: readonly Problem[]): OncallError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.col - b.col);
  const list = sorted.map(({ line, col, text }) => `${path}:${line}:${col}: ${text}`);
  return new OncallError(`The configuration is not valid.\n${list.join('\n')}`, {
    code: 'CONFIG',
    hint: `Open ${path} at line ${sorted[0]?.line ?? 1}. \`oncall config schema\` prints every key.`,
  });
}
