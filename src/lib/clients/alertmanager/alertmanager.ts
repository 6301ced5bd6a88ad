/** What `oncall` asks of Alertmanager (API v2). Times are ISO 8601 UTC strings. */
export interface Alertmanager {
  /** All silences that it still remembers, newest first. */
  silences(): Promise<Silence[]>;
  version(): Promise<string>;
}

export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface Silence {
  id: string;
  state: 'active' | 'pending' | 'expired';
  matchers: Matcher[];
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  createdBy: string;
  comment: string;
}
