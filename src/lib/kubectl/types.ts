/** What kubectl and people call the built-in types, by their plural. */
const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  `pods:pod,po deployments:deployment,deploy replicasets:replicaset,rs services:service,svc endpoints:endpoint,ep
  endpointslices:endpointslice nodes:node,no namespaces:namespace,ns events:event,ev configmaps:configmap,cm secrets:secret
  statefulsets:statefulset,sts daemonsets:daemonset,ds jobs:job cronjobs:cronjob,cj ingresses:ingress,ing
  horizontalpodautoscalers:horizontalpodautoscaler,hpa persistentvolumeclaims:persistentvolumeclaim,pvc
  persistentvolumes:persistentvolume,pv serviceaccounts:serviceaccount,sa all:all`
    .split(/\s+/)
    .flatMap((entry) => {
      const [plural = '', rest = ''] = entry.split(':');
      return [plural, ...rest.split(',')].map((name) => [name, plural] as const);
    }),
);

/** The types that the words after a verb name: `pods,secrets`, `pod/x secret/y`, `Secrets.v1.`, in any case. */
export function typesIn(positionals: readonly string[]): string[] {
  const [first = '', ...others] = positionals;
  const parts = [
    ...first.split(','),
    ...others.filter((word) => word.includes('/')).flatMap((word) => word.split(',')),
  ];
  return parts.flatMap((part) => {
    const type = (part.split('/')[0] ?? '').split('.')[0]?.trim().toLowerCase() ?? '';
    return type === '' ? [] : [NAMES[type] ?? type];
  });
}

/** The type if it is one of Kubernetes' own; null for a word that may be anything, such as a name. */
export function knownType(positionals: readonly string[]): string | null {
  const [type = ''] = typesIn(positionals.slice(0, 1));
  return Object.values(NAMES).includes(type) ? type : null;
}
