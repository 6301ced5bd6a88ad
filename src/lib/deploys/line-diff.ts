/** One line of a difference: kept, taken out or put in. */
export interface DiffLine {
  sign: ' ' | '-' | '+';
  text: string;
}

/** How one text became another, line by line, by their longest common subsequence. Meant for files of some hundred lines. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const longest = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      (length[i] as Uint32Array)[j] = longest;
    }
  }
  const found: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ sign: ' ', text: a[i] as string });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ sign: '-', text: a[i++] as string });
    } else found.push({ sign: '+', text: b[j++] as string });
  }
  return found;
}

/** Only what changed, with a few lines around it; what is left out between is one line `…`. */
export function around(diff: readonly DiffLine[], context = 2): (DiffLine | null)[] {
  const near = diff.map((_, i) =>
    diff.slice(Math.max(0, i - context), i + context + 1).some(({ sign }) => sign !== ' '),
  );
  const shown: (DiffLine | null)[] = [];
  for (const [i, line] of diff.entries()) {
    if (near[i]) shown.push(line);
    else if (shown.length > 0 && shown.at(-1) !== null) shown.push(null);
  }
  return shown;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
