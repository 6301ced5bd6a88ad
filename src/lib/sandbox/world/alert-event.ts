/** One alert as Alertmanager describes it, with the spelling of its webhook. Times are ISO 8601 UTC. */
export interface AlertDetail {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  /** `0001-01-01T00:00:00Z` while it fires. */
  endsAt: string;
  generatorURL: string;
  fingerprint: string;
}

/** The event that the pipeline puts on the bus for one alert, and that Incident Manager keeps as `rawData`. */
export interface AlertEvent {
  version: '0';
  id: string;
  'detail-type': 'Alert';
  source: 'oncall.alertmanager';
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: AlertDetail;
}
