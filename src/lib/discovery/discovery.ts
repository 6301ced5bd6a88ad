/** Everything that was found about a team's set-up, before anybody was asked. What is not known is null. */
export interface Discovery {
  services: FoundTeamService[];
  plan: string | null;
  schedule: string | null;
  /** The namespace of most services. */
  namespace: string | null;
  alertmanager: string | null;
  /** One line a place that was looked at. */
  sources: SourceReport[];
}

/** One of the team's services, put together from all places that know its name. */
export interface FoundTeamService {
  name: string;
  namespace: string | null;
  /** Null where it is the usual one, `app=NAME`. */
  selector: string | null;
  repository: string | null;
  /** Workflow files; null where they have the usual name, or there is none. */
  deploy: string | null;
  revert: string | null;
  /** The label of `up` that carries its name; null where Prometheus does not know it. */
  upLabel: 'app' | 'job' | null;
  /** Whether the pager has a response plan for it. */
  planned: boolean;
  runbook: string | null;
}

export interface SourceReport {
  source: string;
  /** What was found there, or why nothing was. */
  words: string;
  found: boolean;
}
