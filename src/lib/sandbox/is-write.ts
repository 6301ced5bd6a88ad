import type { Received } from './exchange.ts';

/** How operations of AWS's that only read are called. */
const READING = /^(Get|List|Describe|BatchGet)/;
/** Questions that Kubernetes wants as objects to create; none is kept. */
const REVIEW = /reviews$/;

/** Whether a request asks its service to change something. */
export function isWrite({
  face,
  operation,
  method,
  path,
}: Pick<Received, 'face' | 'operation' | 'method' | 'path'>): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  switch (face) {
    case 'ssm-incidents':
      return !READING.test(operation ?? capital(path.split('/')[1] ?? ''));
    case 'ssm-contacts':
      return !READING.test(operation ?? '');
    case 'sts':
    case 'prometheus':
      // Long questions come as a POST.
      return false;
    case 'kubernetes':
      return !REVIEW.test(operation ?? path);
    default:
      return true;
  }
}

/** `/listIncidentRecords` belongs to `ListIncidentRecords`. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
