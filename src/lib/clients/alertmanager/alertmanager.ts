/** What `oncall` asks of Alertmanager (API v2). Times are ISO 8601 UTC strings. */
export interface Alertmanager {
  /** All silences that it still remembers, newest first. */
  silences(): Promise<Silence[]>;
  /** The alerts that fire, held back or not; only those that meet all matchers, as Alertmanager itself judges. */
  alerts(matchers?: readonly Matcher[]): Promise<FiringAlert[]>;
  /**
   * Creates a silence, or changes the one whose id is given. Sent once; after a doubtful answer (UNAVAILABLE) look before
   * anything else.
   * @returns its id: another than the one given when the change needed a new silence
   * @throws FAILED in Alertmanager's words; NOT_FOUND when the id is unknown
   */
  putSilence(draft: SilenceDraft): Promise<string>;
  /** Ends a silence now; sent once. Ending one that has ended does nothing. */
  endSilence(id: string): Promise<void>;
  version(): Promise<string>;
}

/** What a silence shall be. Times are ISO 8601 UTC. */
export interface SilenceDraft {
  /** The silence to change; null for a new one. */
  id: string | null;
  matchers: readonly Matcher[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

/** An alert that fires, and what holds it back. */
export interface FiringAlert {
  fingerprint: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  /** `unprocessed` for a moment after it came in. */
  state: 'active' | 'suppressed' | 'unprocessed';
  /** Ids of silences. */
  silencedBy: string[];
  /** Fingerprints of alerts. */
  inhibitedBy: string[];
  /** Names of time intervals; versions before 0.28 do not tell. */
  mutedBy: string[];
  receivers: string[];
  generatorUrl: string | null;
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
