import type { Exchange } from '../../exchange.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}

/** The page that a graph link opens. It draws nothing: it says what the link asks for, so that links can be checked. */
export function graphPage(exchange: Exchange): void {
  const expressions = [...exchange.query].filter(([name]) => /^g\d+\.expr$/.test(name)).map(([, value]) => value);
  const range = exchange.query.get('g0.range_input') ?? '1h';
  const end = exchange.query.get('g0.end_input') ?? 'now';
  const list = expressions.map((expression) => `<li><code>${escaped(expression)}</code></li>`).join('');
  const body = `<!doctype html><meta charset="utf-8"><title>Prometheus (sandbox)</title><h1>Prometheus (sandbox)</h1>
<p>Range <b>${escaped(range)}</b>, until <b>${escaped(end)}</b> UTC.</p><ul>${list}</ul>
`;
  exchange.text(200, body, { 'content-type': 'text/html; charset=utf-8' });
}
