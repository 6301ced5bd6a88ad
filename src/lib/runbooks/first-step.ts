import { marked, type Token, type Tokens } from 'marked';

/** Where a woken engineer begins. */
export interface FirstStep {
  /** Title of the stage it belongs to, e.g. `Triage`; null when the runbook has no headings. */
  stage: string | null;
  text: string;
  /** Commands named in it, in order. */
  commands: string[];
}

/** The first list item of a Markdown runbook, as plain words; null when it has none. */
export function firstStep(markdown: string): FirstStep | null {
  let stage: string | null = null;
  for (const token of marked.lexer(markdown)) {
    if (token.type === 'heading' && (token as Tokens.Heading).depth > 1) stage = words(token);
    if (token.type !== 'list') continue;
    const item = (token as Tokens.List).items[0];
    if (item) return { stage, text: words(item).replace(/\s+/g, ' ').trim(), commands: commands(item) };
  }
  return null;
}

function children(token: Token): Token[] {
  return (token as { tokens?: Token[] }).tokens ?? [];
}

function words(token: Token): string {
  const inner = children(token);
  if (inner.length > 0) return inner.map(words).join('');
  return (token as { text?: string }).text ?? '';
}

function commands(token: Token): string[] {
  if (token.type === 'codespan' || token.type === 'code') return [(token as Tokens.Codespan).text];
  return children(token).flatMap(commands);
}
