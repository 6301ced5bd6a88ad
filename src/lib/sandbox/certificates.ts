/** A key and its certificate, both PEM. */
export interface KeyPair {
  key: string;
  cert: string;
}

export interface Certificates {
  /** The authority that signed the others: clients are told to trust this one. */
  ca: KeyPair;
  /** For 127.0.0.1, ::1 and localhost. */
  server: KeyPair;
}

const LIFE_DAYS = 30;
const DAY = 86_400_000;
type Extensions = NonNullable<NonNullable<Parameters<typeof import('selfsigned')['generate']>[1]>['extensions']>;

interface Request {
  subject: { name: string; value: string }[];
  extensions: Extensions;
  ca?: KeyPair;
}

/**
 * Makes a certificate authority of its own for one sandbox, and a server certificate for loopback signed by it.
 * Elliptic-curve keys, because RSA ones take seconds on a slow machine.
 * @param now milliseconds since 1970
 */
export async function makeCertificates(now: number): Promise<Certificates> {
  const ca = await issue(now, {
    subject: [{ name: 'commonName', value: 'oncall-sandbox-ca' }],
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  const server = await issue(now, {
    ca,
    subject: [{ name: 'commonName', value: 'kube-apiserver' }],
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { ca, server };
}

/**
 * Makes a client certificate. Kubernetes takes the common name for the user and each organisation for a group.
 * @param now milliseconds since 1970
 */
export async function makeClientCertificate(
  ca: KeyPair,
  { user, groups, now }: { user: string; groups: readonly string[]; now: number },
): Promise<KeyPair> {
  return issue(now, {
    ca,
    subject: [...groups.map((value) => ({ name: 'organizationName', value })), { name: 'commonName', value: user }],
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
  });
}

async function issue(now: number, { subject, extensions, ca }: Request): Promise<KeyPair> {
  // Loaded late: it reads half a megabyte of ASN.1 code, which nothing else in the sandbox needs.
  const { generate } = await import('selfsigned');
  const made = await generate(subject, {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // An hour back, for clients whose clock is a little behind.
    notBeforeDate: new Date(now - 3_600_000),
    notAfterDate: new Date(now + LIFE_DAYS * DAY),
    extensions,
    ...(ca ? { ca } : {}),
  });
  return { key: made.private, cert: made.cert };
}
