import { EXIT_CODES, interrupted, OncallError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';

/** The closed list of fields that an error has in JSON. A foreign error is never serialised: it may hold credentials. */
export interface FailureJson {
  code: string;
  message: string;
  hint: string | null;
  retryable: boolean;
}

interface ParserError extends Error {
  oclif?: { exit?: number };
  flags?: unknown;
  args?: unknown;
}

/**
 * Any thrown value as the one error that is shown. What `oncall` did not throw itself is either oclif's parser (usage)
 * or a bug, and a bug says only that: its text might carry anything.
 */
export function toOncallError(
  error: unknown,
  options: { aborted: boolean; command: string; flags: readonly string[] },
): OncallError {
  if (error instanceof OncallError) return withoutParserWords(error);
  if (options.aborted) return interrupted();
  const parser = error as ParserError;
  if (parser instanceof Error && parser.oclif?.exit === EXIT_CODES.USAGE) {
    return new OncallError(usageText(parser, options.flags), {
      code: 'USAGE',
      hint: `See \`oncall ${options.command} --help\`.`.replace('  ', ' '),
    });
  }
  const name = parser instanceof Error ? parser.name : typeof error;
  return new OncallError(`oncall itself failed (${name}). This is a bug, and not your fault.`, {
    code: 'BUG',
    hint: 'Run it again with DEBUG=oncall to see where, and report it.',
    cause: error,
  });
}

/** oclif writes its own words around the message of an error that a flag's parser throws. */
function withoutParserWords(error: OncallError): OncallError {
  const [, flag, said] =
    /^Parsing (--[\w-]+)\s+([\s\S]*?)\s*(?:\nSee more help with --help)?$/.exec(error.message) ?? [];
  if (!flag || !said) return error;
  return new OncallError(`${flag}: ${said}`, { code: error.code, hint: error.hint ?? undefined, cause: error.cause });
}

function usageText(error: ParserError, flags: readonly string[]): string {
  const text = error.message.split('\nSee more help')[0]?.trim() ?? 'Wrong usage.';
  const [, flag, given, values] = /^Expected (?:(--[\w-]+)=)?([\s\S]*) to be one of: (.*)$/.exec(text) ?? [];
  if (given !== undefined && values) {
    const near = didYouMean(given, values.split(', '));
    return `${flag ? `${flag}: ` : ''}"${given}" is none of ${values}.${near}`;
  }
  const unknown = Array.isArray(error.flags) && /nonexistent flag/i.test(text) ? String(error.flags[0]) : null;
  if (!unknown) return text.endsWith('.') || text.includes('\n') ? text : `${text}.`;
  const suggestion = didYouMean(
    unknown,
    flags.map((flag) => `--${flag}`),
  );
  return `There is no flag ${unknown}.${suggestion}`;
}

export function failureJson(error: OncallError): FailureJson {
  return { code: error.code, message: error.message, hint: error.hint, retryable: error.retryable };
}
