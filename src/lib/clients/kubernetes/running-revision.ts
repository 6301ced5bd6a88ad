import type { Metadata, PodTemplate } from './wire.ts';

const COMMIT = /^[0-9a-f]{7,40}$/;
const COMMIT_IN_TEXT = /\b[0-9a-f]{40}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,39}\b/;
const VERSION = 'app.kubernetes.io/version';
const OCI_REVISION = 'org.opencontainers.image.revision';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** Image of the first container, as a template names it. */
export function imageOf(template: PodTemplate): string {
  return template.spec.containers[0]?.image ?? '';
}

/**
 * The commit that a template runs, as far as its labels, its annotations or its image's tag tell. The image is what
 * really runs: `kubectl set image` changes it alone and leaves labels that name the old commit, so where the tag is a
 * commit, only what agrees with it is believed.
 * @param owner metadata of the Deployment, ReplicaSet … that the template belongs to
 * @returns null when nothing tells
 */
export function revisionOf(template: PodTemplate, owner: Metadata): string | null {
  const tag = imageTag(imageOf(template));
  const told = [...toldBy(template.metadata ?? {}), ...toldBy(owner)];
  if (tag && COMMIT.test(tag)) return told.find((one) => one.startsWith(tag)) ?? tag;
  return told.find((one) => COMMIT.test(one)) ?? tag ?? told[0] ?? null;
}

function toldBy({ annotations = {}, labels = {} }: Partial<Metadata>): string[] {
  const cause = COMMIT_IN_TEXT.exec(annotations[CHANGE_CAUSE] ?? '')?.[0];
  const all = [annotations[OCI_REVISION], labels[OCI_REVISION], annotations[VERSION], labels[VERSION], cause];
  return all.filter((one): one is string => Boolean(one));
}

/** The tag of an image reference; a port (`host:5000/name`) is none, and a digest is none. */
function imageTag(image: string): string | null {
  const [reference = ''] = image.split('@');
  return /:([^/:]+)$/.exec(reference)?.[1] ?? null;
}
