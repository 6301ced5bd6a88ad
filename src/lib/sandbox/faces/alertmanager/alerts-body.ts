import type { Exchange } from '../../exchange.ts';
import type { AlertReport } from '../../world/alerting/posted-alerts.ts';
import { BodyReader, refused } from './go-json.ts';

const read = new BodyReader('alerts');
/** What Go's zero time looks like: "not said". */
const ZERO = Date.parse('0001-01-01T00:00:00.000Z');

/**
 * Reads the body of `POST /api/v2/alerts`.
 * @throws RequestRefused
 */
export function alertsBody(exchange: Exchange): AlertReport[] {
  const parsed = read.body(exchange);
  if (!Array.isArray(parsed)) throw read.mismatch(parsed, 'value of type models.PostableAlerts');
  const decoded = (parsed as (Record<string, unknown> | null)[]).map((one) => ({
    labels: read.texts(one?.['labels'], 'Alert.labels'),
    annotations: read.texts(one?.['annotations'], 'PostableAlert.annotations'),
    startsAt: moment(read.time(one?.['startsAt'], 'PostableAlert.startsAt')),
    endsAt: moment(read.time(one?.['endsAt'], 'PostableAlert.endsAt')),
    generatorURL: read.text(one?.['generatorURL'], 'Alert.generatorURL') ?? '',
  }));
  return decoded.map(({ labels, annotations = {}, ...rest }, i) => {
    if (rest.generatorURL !== '' && !isUri(rest.generatorURL)) {
      throw refused(601, `${i}.generatorURL in body must be of type uri: ${JSON.stringify(rest.generatorURL)}`);
    }
    if (labels === undefined) throw refused(602, `${i}.labels in body is required`);
    return { labels, annotations, ...rest };
  });
}

function moment(at: number | undefined): number | null {
  return at === undefined || at === ZERO ? null : at;
}

/** As Go's `url.ParseRequestURI` sees it: an absolute address, or a path. */
function isUri(text: string): boolean {
  return text.startsWith('/') || URL.canParse(text);
}
