/** What something uses now. */
export interface Usage {
  /** Cores, averaged over the window. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

/** What a metrics-server would have learnt from the kubelets. Null for what has not run long enough to say. */
export interface UsageSource {
  /** Seconds over which `cpu` is averaged. */
  readonly window: number;
  ofPod(pod: string): Usage | null;
  /** The n-th machine of the cluster, from 0. */
  ofNode(index: number): Usage | null;
}
