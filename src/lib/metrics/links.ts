/** A span that a link shows, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Address of one page with a graph for each expression in Prometheus's web page, with the times written out, so that it shows the same tomorrow.
 * `/graph` with a numeric tab is understood by version 2, and by 3, which redirects it to `/query`:
 * https://github.com/prometheus/prometheus/blob/main/web/web.go, https://github.com/prometheus/prometheus/blob/main/web/ui/mantine-ui/src/pages/query/urlStateEncoding.ts
 * @param base address that Prometheus is known by, with or without a path
 */
export function graphLink(base: string, expr: string | readonly string[], { from, to }: Span): string {
  const seconds = Math.max(1, Math.round((to - from) / 1000));
  const parameters = [expr].flat().flatMap((one, i): [string, string][] => [
    [`g${i}.expr`, one],
    [`g${i}.tab`, '0'],
    [`g${i}.range_input`, prometheusDuration(seconds)],
    [`g${i}.end_input`, utcInput(to)],
  ]);
  // Not URLSearchParams, which writes a space as `+`: after one careless decoding that is an operator of the expression.
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `${base.replace(/\/+$/, '')}/graph?${query}`;
}

/** `3600` as `1h`; only whole units, as Prometheus reads them. */
export function prometheusDuration(seconds: number): string {
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ];
  let left = seconds;
  let text = '';
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text || '1s';
}

function utcInput(at: number): string {
  // Rounded up: an end that is cut to the second would leave the newest sample out.
  return new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
