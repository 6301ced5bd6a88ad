/** What a flag of kubectl means to us, beyond what it does. */
export type Concern =
  /** Harmless. */
  | 'plain'
  /** Says which cluster is asked, or as whom: never taken from a command line, since the service is the target. */
  | 'target'
  /** Reads, writes or runs something on this machine, or reaches past the types that kubectl knows. */
  | 'machine'
  | 'namespace';

/** One flag as kubectl's own parser (pflag) knows it. */
export interface KubectlFlag {
  /** Long name, without dashes; `_` and `-` are the same to kubectl. */
  name: string;
  short: string | null;
  /** Whether it takes the next word as its value when none is tied to it. */
  takesValue: boolean;
  concern: Concern;
}

/** Reads a list such as `-l|--selector= -w|--watch`: what ends in `=` takes a value. */
export function flagList(spec: string, concern: Concern = 'plain'): KubectlFlag[] {
  return spec.split(/\s+/).flatMap((one) => {
    const [, short = null, name = '', value] = /^(?:-(.)\|)?--([^=]+)(=?)$/.exec(one) ?? [];
    return name ? [{ name, short, takesValue: value === '=', concern }] : [];
  });
}

/** The flags that every kubectl command has, of all versions from 1.20 to 1.35. */
export const GLOBAL_FLAGS: readonly KubectlFlag[] = [
  ...flagList('-h|--help --disable-compression --match-server-version --warnings-as-errors'),
  ...flagList('--request-timeout= --log-flush-frequency= -v|--v= --vmodule='),
  ...flagList('-n|--namespace=', 'namespace'),
  ...flagList('-s|--server= --cluster= --context= --kubeconfig= --kuberc= --user= --username= --password=', 'target'),
  ...flagList('--token= --as= --as-group= --as-uid= --as-user-extra= --tls-server-name=', 'target'),
  ...flagList('--certificate-authority= --client-certificate= --client-key= --insecure-skip-tls-verify', 'target'),
  // Each writes a file of its own wherever it is told.
  ...flagList('--cache-dir= --profile= --profile-output=', 'machine'),
];

/** The name as kubectl compares it: it takes `--all_namespaces` for `--all-namespaces`. */
export function normalName(name: string): string {
  return name.replaceAll('_', '-');
}
