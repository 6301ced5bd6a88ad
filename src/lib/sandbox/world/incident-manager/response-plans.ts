import { Failure, noIncidentResource } from './failure.ts';
import { incidentsArn, type Site } from './site.ts';

export interface NotificationTarget {
  snsTopicArn?: string;
}

export interface IncidentTemplate {
  title: string;
  impact: number;
  summary?: string;
  dedupeString?: string;
  notificationTargets?: NotificationTarget[];
  incidentTags?: Record<string, string>;
}

export interface SsmAutomation {
  roleArn: string;
  documentName: string;
  documentVersion?: string;
  targetAccount?: string;
}

/** The API's own shape: it is answered as it was given. */
export interface ResponsePlan {
  arn: string;
  name: string;
  displayName?: string;
  incidentTemplate: IncidentTemplate;
  engagements?: string[];
  actions?: { ssmAutomation?: SsmAutomation }[];
  chatChannel?: Record<string, unknown>;
  integrations?: Record<string, unknown>[];
}

/** What to do when an incident of a kind begins: whom to engage, and what its record says. */
export class ResponsePlans {
  readonly #site: Site;
  readonly #byArn = new Map<string, ResponsePlan>();
  readonly #policies = new Map<string, { id: string; document: string }>();

  constructor(site: Site) {
    this.#site = site;
  }

  create(wish: Omit<ResponsePlan, 'arn'>): ResponsePlan {
    const arn = incidentsArn(this.#site, `response-plan/${wish.name}`);
    if (this.#byArn.has(arn)) {
      const details = { resourceIdentifier: arn, resourceType: 'RESPONSE_PLAN' };
      throw new Failure('ConflictException', `Response plan ${wish.name} already exists`, details);
    }
    const plan = { ...wish, arn };
    this.#byArn.set(arn, plan);
    return plan;
  }

  get(arn: string): ResponsePlan {
    const plan = this.#byArn.get(arn);
    if (!plan) throw noIncidentResource(arn, 'RESPONSE_PLAN');
    return plan;
  }

  has(arn: string): boolean {
    return this.#byArn.has(arn);
  }

  /** In the order of their names. */
  list(): ResponsePlan[] {
    return [...this.#byArn.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What is not given stays as it is; "use the empty structure to remove the chat channel". */
  update(arn: string, change: Partial<Omit<ResponsePlan, 'arn' | 'name'>>): void {
    const plan = this.get(arn);
    Object.assign(plan, change);
    if (plan.chatChannel && 'empty' in plan.chatChannel) delete plan.chatChannel;
  }

  /** At most one policy per plan, as the resource shares of AWS RAM have it. @returns its id. */
  putPolicy(arn: string, document: string): string {
    this.get(arn);
    const id = this.#policies.get(arn)?.id ?? this.#site.random.hex(32);
    this.#policies.set(arn, { id, document });
    return id;
  }

  policiesOf(arn: string): { id: string; document: string }[] {
    const policy = this.#policies.get(this.get(arn).arn);
    return policy ? [policy] : [];
  }

  deletePolicy(arn: string, id: string): boolean {
    return this.policiesOf(arn)[0]?.id === id && this.#policies.delete(arn);
  }

  /** Deleting what is not there succeeds. */
  delete(arn: string): void {
    this.#byArn.delete(arn);
    this.#policies.delete(arn);
  }

  forget(): void {
    this.#byArn.clear();
    this.#policies.clear();
  }
}
