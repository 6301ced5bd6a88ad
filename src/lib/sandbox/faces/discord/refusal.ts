/** One complaint about one part of a body. */
export interface Complaint {
  code: string;
  message: string;
}

/** An answer that says no, in Discord's words. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: { message: string; code: number; errors?: object }) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

export const unknownWebhook = () => new Refusal(404, { message: 'Unknown Webhook', code: 10015 });
export const invalidToken = () => new Refusal(401, { message: 'Invalid Webhook Token', code: 50027 });
export const unknownChannel = () => new Refusal(404, { message: 'Unknown Channel', code: 10003 });
export const unknownMessage = () => new Refusal(404, { message: 'Unknown Message', code: 10008 });
export const emptyMessage = () => new Refusal(400, { message: 'Cannot send an empty message', code: 50006 });
export const badJson = () => new Refusal(400, { message: 'The request body contains invalid JSON.', code: 50109 });
export const onlyInForums = () =>
  new Refusal(400, { message: 'Webhooks can only create threads in forum channels', code: 220003 });

/** Gathers complaints in the shape of the body that they are about. */
export class Complaints {
  readonly #errors: Record<string, unknown> = {};
  #count = 0;

  add(path: readonly (string | number)[], complaint: Complaint): void {
    let node = this.#errors;
    for (const step of path) {
      node[step] ??= {};
      node = node[step] as Record<string, unknown>;
    }
    node._errors = [...((node._errors as Complaint[] | undefined) ?? []), complaint];
    this.#count++;
  }

  /** @throws Refusal when there are any */
  raise(): void {
    if (this.#count > 0) throw new Refusal(400, { message: 'Invalid Form Body', code: 50035, errors: this.#errors });
  }
}
