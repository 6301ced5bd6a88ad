/** Discord counts whole characters (code points), not the halves of which a large one is made. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** What Discord says of a text or a list that is too long. */
export function tooLong(most: number): { code: string; message: string } {
  return { code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${most} or fewer in length.` };
}
