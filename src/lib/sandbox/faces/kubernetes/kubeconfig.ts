import { stringify } from 'yaml';

export interface KubeconfigOptions {
  /** `https://127.0.0.1:PORT` */
  server: string;
  /** The certificate authority that signed the server's certificate, PEM. */
  caPem: string;
  token: string;
  namespace: string;
  /** Name of the context, and of the cluster and user in it. */
  context: string;
}

/** A kubeconfig with one context, the current one, as YAML. The CA is in it; no other file is needed. */
export function kubeconfigFor({ server, caPem, token, namespace, context }: KubeconfigOptions): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: context,
        cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') },
      },
    ],
    users: [{ name: context, user: { token } }],
    contexts: [{ name: context, context: { cluster: context, user: context, namespace } }],
    'current-context': context,
    preferences: {},
  });
}
