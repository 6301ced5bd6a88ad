import type { Random } from '../random.ts';
import { Failure } from './failure.ts';

export interface ItemIdentifier {
  type: string;
  value: Record<string, unknown>;
}

export interface RelatedItem {
  identifier: ItemIdentifier;
  title?: string;
  generatedId?: string;
}

export type RelatedItemsUpdate = { itemToAdd?: RelatedItem; itemToRemove?: ItemIdentifier };

function sameItem(a: ItemIdentifier, b: ItemIdentifier): boolean {
  return a.type === b.type && JSON.stringify(a.value) === JSON.stringify(b.value);
}

/** The item with the id that the service gives it: `related-item/TYPE/` and 32 upper-case hexadecimal digits. */
export function withId(item: RelatedItem, random: Random): RelatedItem {
  return { ...item, generatedId: `related-item/${item.identifier.type}/${random.hex(32).toUpperCase()}` };
}

/** The list after the update. An item that is there cannot be added, one that is not cannot be removed. */
export function updatedItems(items: readonly RelatedItem[], update: RelatedItemsUpdate, random: Random): RelatedItem[] {
  const { itemToAdd, itemToRemove } = update;
  if (itemToAdd) {
    if (items.some(({ identifier }) => sameItem(identifier, itemToAdd.identifier))) {
      throw new Failure('ConflictException', 'Related item already exists', { resourceType: 'INCIDENT_RECORD' });
    }
    return [...items, withId(itemToAdd, random)];
  }
  if (itemToRemove) {
    const rest = items.filter(({ identifier }) => !sameItem(identifier, itemToRemove));
    if (rest.length === items.length) throw new Failure('ValidationException', 'Related item does not exist');
    return rest;
  }
  throw new Failure('ValidationException', 'relatedItemsUpdate must add or remove an item');
}

/** What AWS relates to an incident by itself: its OpsItem, and that item's page in the console. */
export function ownItems(where: { account: string; region: string; random: Random }): RelatedItem[] {
  const { account, region, random } = where;
  const opsItem = `oi-${random.hex(12)}`;
  const parent = `arn:aws:ssm:${region}:${account}:opsitem/${opsItem}`;
  const page = `https://console.aws.amazon.com/systems-manager/opsitems/${opsItem}/workbench?region=${region}`;
  return [
    withId({ identifier: { type: 'PARENT', value: { arn: parent } }, title: 'parentItem' }, random),
    withId({ identifier: { type: 'OTHER', value: { url: page } }, title: 'Ops item' }, random),
  ];
}
