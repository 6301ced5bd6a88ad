const MASK = '«redacted»';

/** What secrets look like, whoever they belong to. Each keeps the part that says what was removed. */
const SHAPES: readonly [RegExp, string][] = [
  [/\b(gh[pousr]_|github_pat_)[A-Za-z0-9_]{16,}/g, `$1${MASK}`],
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, `$1${MASK}`],
  [/\b(eyJ[A-Za-z0-9_-]{6,})\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*/g, MASK],
  [/\b(k8s-aws-v1\.)[A-Za-z0-9_-]{10,}/g, `$1${MASK}`],
  [/(discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/)[A-Za-z0-9_-]+/gi, `$1${MASK}`],
  [/(hooks\.slack\.com\/services\/)[A-Za-z0-9/]+/gi, `$1${MASK}`],
  [/\b(bearer)(\s+)[A-Za-z0-9._~+/=-]{12,}/gi, `$1$2${MASK}`],
  // These two are words of ordinary sentences as well ("basic authentication"): a secret is more than small letters.
  [/\b([Bb]asic|BASIC|[Tt]oken|TOKEN)(\s+)(?=\S*(?:\d|[a-z][A-Z]|[A-Z]{2}))[A-Za-z0-9._~+/=-]{12,}/g, `$1$2${MASK}`],
  [
    /([?&](?:access_token|token|x-amz-signature|x-amz-security-token|x-amz-credential|password|secret|key)=)[^&\s"']+/gi,
    `$1${MASK}`,
  ],
  [/(\/\/[^/\s:@]+:)[^/\s@]+@/g, `$1${MASK}@`],
  [
    /\b((?:aws_?)?(?:secret_?access_?key|access_?key_?id|session_?token|secret|password|passwd|api_?key|private_?key|x-amz-security-token)["']?\s*[=:]\s*["']?)[^\s"',;&]{6,}/gi,
    `$1${MASK}`,
  ],
  // What signs a request to AWS names the key; https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
  [/\b(Credential=)[^/\s,"']{6,}/g, `$1${MASK}`],
  [/\b(Signature=)[0-9a-f]{16,}/g, `$1${MASK}`],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, `-----BEGIN $1----- ${MASK}`],
];

/** Shorter values are too likely to be ordinary words. */
const SHORTEST_SECRET = 8;

/**
 * Removes secrets from everything that leaves the process: output, errors, journal, timeline. Knows what secrets look
 * like, and the very values that this process holds, also percent-encoded or in base64.
 */
export class Redactor {
  #known: string[] = [];

  /** Remembers a secret by its value. Short and empty values are ignored. */
  add(secret: string | null | undefined): void {
    if (!secret || secret.length < SHORTEST_SECRET) return;
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
    this.#known = [...new Set([...this.#known, ...forms])].sort((a, b) => b.length - a.length);
  }

  /** The text without secrets. */
  clean(text: string): string {
    let cleaned = text;
    for (const secret of this.#known) cleaned = cleaned.replaceAll(secret, MASK);
    for (const [shape, replacement] of SHAPES) cleaned = cleaned.replace(shape, replacement);
    return cleaned;
  }

  /** A copy of any JSON-like value in which every string has been cleaned. */
  cleanDeep<T>(value: T): T {
    if (typeof value === 'string') return this.clean(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.cleanDeep(item)) as T;
    if (value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.cleanDeep(item)])) as T;
    }
    return value;
  }
}
