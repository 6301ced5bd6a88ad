/** What `oncall` asks of Prometheus. Times are milliseconds since 1970 where they are computed with. */
export interface Prometheus {
  /** Value of an expression at an instant (now, unless given). */
  query(expr: string, at?: number): Promise<InstantResult>;
  queryRange(expr: string, range: { from: number; to: number; stepSeconds: number }): Promise<RangeResult>;
  alertRules(): Promise<AlertRule[]>;
  /** Addresses of the Alertmanagers that it sends to, as it found them. */
  alertmanagers(): Promise<string[]>;
  /** All values of a label, of the series that a selector takes. */
  labelValues(label: string, selector: string): Promise<string[]>;
  version(): Promise<string>;
}

export interface Sample {
  at: number;
  value: number;
}

export interface Series {
  labels: Record<string, string>;
  samples: Sample[];
}

export interface InstantResult {
  /** An empty vector has no entries. A scalar is one entry without labels. */
  series: { labels: Record<string, string>; sample: Sample }[];
  warnings: string[];
}

export interface RangeResult {
  series: Series[];
  warnings: string[];
}

export interface AlertRule {
  name: string;
  group: string;
  expr: string;
  forSeconds: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'inactive' | 'pending' | 'firing';
  /** Rule evaluation trouble, in Prometheus's words; null when healthy. */
  lastError: string | null;
  alerts: { labels: Record<string, string>; state: 'pending' | 'firing'; activeAt: string; value: string }[];
}
