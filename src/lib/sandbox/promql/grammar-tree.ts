import type { SyntaxNode } from '@lezer/common';

/** The named parts of a node, comments left out; none when there is no node. */
export function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** Where the grammar first failed, as an offset into the query, or null. */
export function firstError(node: SyntaxNode): number | null {
  let position: number | null = null;
  node.cursor().iterate((cursor) => {
    if (cursor.type.isError && (position === null || cursor.from < position)) position = cursor.from;
  });
  return position;
}
