import { Labels, METRIC_NAME } from '../../promql/labels.ts';
import { type Exposed, placeOf } from './target.ts';

/**
 * The series that Prometheus itself writes about each scrape.
 * @param exposed how many series the target has when it answers
 */
export function scrapeSeries(target: Labels, exposed: number): Exposed[] {
  const named = (name: string) => Labels.of({ ...target.toRecord(), [METRIC_NAME]: name });
  const pace = 0.002 + 0.004 * placeOf(target.key);
  return [
    { labels: named('up'), synthetic: true, value: ({ up }) => Number(up) },
    { labels: named('scrape_samples_scraped'), synthetic: true, value: ({ up }) => (up ? exposed : 0) },
    {
      labels: named('scrape_duration_seconds'),
      synthetic: true,
      value: ({ up, at }) => (up ? Math.round(pace * (1.2 + Math.sin(at / 41_000)) * 1e9) / 1e9 : 0.000_412_331),
    },
  ];
}
