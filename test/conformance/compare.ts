import { type Model, shapeOf } from './aws-model.ts';
import type { Check, Played, Step } from './check.ts';
import type { Answer } from './wire.ts';

/** The form of a value without the value: names of members and JSON types, and never what an account holds. */
type Form = string | { list: Form | null } | { members: Record<string, Form>; required: readonly string[] };

/** @param shapeName what the model says of it; keys of its maps are the account's own, and so not part of the form. */
function formOf(model: Model, shapeName: string | undefined, value: unknown): Form {
  const shape = shapeName === undefined ? undefined : shapeOf(model, shapeName);
  if (Array.isArray(value)) {
    const forms = value.map((one) => formOf(model, shape?.member?.shape, one));
    return { list: forms.length === 0 ? null : forms.reduce(merged) };
  }
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const entries = Object.entries(value);
  if (shape?.type === 'map') {
    const forms = entries.map(([, one]) => formOf(model, shape.value?.shape, one));
    return { list: forms.length === 0 ? null : forms.reduce(merged) };
  }
  const members = entries.map(([name, one]) => [name, formOf(model, shape?.members?.[name]?.shape, one)]);
  return { members: Object.fromEntries(members) as Record<string, Form>, required: shape?.required ?? [] };
}

/** The form of several values of one list: a member counts as there when any has it. */
function merged(one: Form, other: Form): Form {
  if (typeof one === 'string' || typeof other === 'string') return one === 'null' ? other : one;
  if ('list' in one && 'list' in other) {
    return { list: one.list && other.list ? merged(one.list, other.list) : (one.list ?? other.list) };
  }
  if (!('members' in one) || !('members' in other)) return one;
  const members = { ...other.members };
  for (const [name, form] of Object.entries(one.members)) {
    const known = other.members[name];
    members[name] = known ? merged(form, known) : form;
  }
  return { members, required: one.required };
}

interface Strictness {
  /** Both sides hold the same objects, so that each must have the members that the other has. */
  sameObjects: boolean;
}

function kindOf(form: Form): string {
  if (typeof form === 'string') return form;
  return 'list' in form ? 'list' : 'structure';
}

function differing(theirs: Form, ours: Form, at: string, how: Strictness): string[] {
  if (kindOf(theirs) !== kindOf(ours)) {
    const nulls = kindOf(theirs) === 'null' || kindOf(ours) === 'null';
    return nulls && !how.sameObjects ? [] : [`${at}: ${kindOf(theirs)} there, ${kindOf(ours)} here`];
  }
  if (typeof theirs === 'string' || typeof ours === 'string') return [];
  if ('list' in theirs && 'list' in ours) {
    return theirs.list && ours.list ? differing(theirs.list, ours.list, `${at}[]`, how) : [];
  }
  if (!('members' in theirs) || !('members' in ours)) return [];
  const names = new Set([...Object.keys(theirs.members), ...Object.keys(ours.members)]);
  return [...names].sort().flatMap((name) => {
    const [there, here] = [theirs.members[name], ours.members[name]];
    const path = at ? `${at}.${name}` : name;
    if (there && here) return differing(there, here, path, how);
    if (!how.sameObjects && !theirs.required.includes(name)) return [];
    return [`${path}: only ${there ? 'there' : 'here'}`];
  });
}

function outcome({ error, status }: Answer): string {
  return error === null ? `ok (${status})` : `${error} (${status})`;
}

function comparedStep(model: Model, step: Step, pair: { there: Answer; here: Answer }, how: Strictness): string[] {
  const { there, here } = pair;
  if (outcome(there) !== outcome(here)) return [`${step.operation}: ${outcome(there)} there, ${outcome(here)} here`];
  const shape = there.error ?? model.operations[step.operation]?.output?.shape;
  const known = shape !== undefined && model.shapes[shape] ? shape : undefined;
  const forms = [there, here].map(({ body: { __type, ...body } }) => formOf(model, known, body)) as [Form, Form];
  // The members of an error are the service's own, whatever the account holds; its words are nobody's promise.
  const strict = there.error === null ? how : { sameObjects: true };
  return differing(...forms, '', strict).map((line) => `${step.operation}: ${line}`);
}

/**
 * What is different between two runs of a check, in words that name members, types and errors, and never a value.
 * @param theirs as the account answered, `ours` as the practice world did.
 */
export function differences(
  check: Check,
  models: Readonly<Record<string, Model>>,
  { theirs, ours }: { theirs: readonly Played[]; ours: readonly Played[] },
): string[] {
  const how = { sameObjects: check.kind !== 'read' };
  return check.steps.flatMap((step, i) => {
    const [there, here] = [theirs[i]?.answer, ours[i]?.answer];
    const model = models[step.service];
    if (!there || !here || !model) return [];
    return comparedStep(model, step, { there, here }, how);
  });
}
