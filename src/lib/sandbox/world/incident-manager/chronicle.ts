import type { Incident, Trigger } from './incidents.ts';
import type { Page } from './pages.ts';
import type { SsmAutomation } from './response-plans.ts';
import type { Timelines } from './timeline.ts';

/**
 * The timeline events that the service writes by itself. Their types and data follow what code that reads real
 * incidents decodes, since AWS documents neither.
 */
export class Chronicle {
  readonly #timelines: Timelines;
  readonly #nameOf: (contact: string) => string | undefined;

  constructor(timelines: Timelines, nameOf: (contact: string) => string | undefined) {
    this.#timelines = timelines;
    this.#nameOf = nameOf;
  }

  /** `rawData` is JSON inside JSON: whoever wants the event has to parse twice. */
  trigger(incident: Incident, trigger: Trigger, how: { createdIncident: boolean; at?: number | undefined }): void {
    const { source, triggerArn, rawData } = trigger;
    const data = { createdIncident: how.createdIncident, incidentSource: source.source, triggerArn, rawData };
    this.#timelines.record(incident.arn, 'SSM Incident Trigger', data, { at: how.at });
  }

  start(
    incident: Incident,
    plan: { engagements?: readonly string[]; actions?: readonly { ssmAutomation?: SsmAutomation }[] },
    how: { triggerArn: string | null; at?: number | undefined },
  ): void {
    const automation = plan.actions?.[0]?.ssmAutomation;
    const data = {
      incidentTitle: incident.title,
      contactsEngage: (plan.engagements ?? []).map((contactArn) => ({
        contactArn,
        contactName: this.#nameOf(contactArn) ?? null,
      })),
      ssmDocumentName: automation?.documentName ?? null,
      ssmDocumentVersion: automation?.documentVersion ?? null,
      triggerArn: how.triggerArn,
    };
    this.#timelines.record(incident.arn, 'SSM Incident Start', data, { at: how.at });
    if (!automation) return;
    // No Systems Manager is part of this world, so a runbook fails to start, as it does for a document that is gone.
    const failure = { documentName: automation.documentName, message: 'The document does not exist.' };
    const type = 'SSM Automation Execution Start Failure for Incident';
    this.#timelines.record(incident.arn, type, failure, { at: how.at });
  }

  update(incident: Incident, attributes: { attributeName: string; newValue: string }[]): void {
    const data = {
      modifiedBy: incident.modifiedBy,
      modifiedAttributes: attributes,
      incidentTitle: incident.title,
    };
    this.#timelines.record(incident.arn, 'SSM Incident Record Update', data, { at: incident.modifiedAt });
  }

  paged(incident: Incident, { contact: contactArn, engagement, sentAt }: Page): void {
    const data = { contactArn, engagementArn: engagement.arn };
    this.#timelines.record(incident.arn, 'SSM Contacts Page for Incident', data, { at: sentAt });
  }

  acknowledged(incident: Incident, { contact: contactArn, engagement, readAt }: Page): void {
    const data = { contactArn, engagementArn: engagement.arn };
    const type = 'SSM Contacts Page Acknowledgement for Incident';
    this.#timelines.record(incident.arn, type, data, { at: readAt ?? undefined });
  }
}
