/** Something about the logs that is no line of them; shown beside them, never among them. */
export interface Notice {
  kind:
    | 'new pod'
    | 'pod gone'
    | 'restarted'
    | 'status'
    | 'previous run'
    | 'current run'
    | 'no previous run'
    | 'not readable'
    | 'reconnecting'
    | 'gap'
    | 'run lost'
    | 'polling'
    | 'queued'
    | 'kubelet';
  /** Empty where it is about the cluster as a whole. */
  pod: string;
  container: string | null;
  /** Words of the other side: a pod's status, how a run ended, why something failed. */
  detail: string | null;
}
