/** The text, or as much of it as fits, with `…` for the rest. Counts UTF-16 units and splits no character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** The text as a JSON string that is at most `most` units long, escapes included. */
export function cutJson(text: string, most: number): string {
  let kept = text;
  for (let json = JSON.stringify(kept); ; json = JSON.stringify(kept)) {
    if (json.length <= most) return json;
    kept = cut(kept, Math.max(1, kept.length - Math.max(1, Math.ceil((json.length - most) / 6))));
  }
}

const LONGEST_SENDER = 255;

/**
 * A sender as StartEngagement takes it: letters of ASCII, digits, and some signs, but no brackets, quotes or commas.
 * Accents are dropped rather than the letters under them. Without anything left it is `oncall`.
 */
export function senderName(text: string): string {
  const allowed = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_\\@#%*+=:?./! -]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return allowed.slice(0, LONGEST_SENDER).trim() || 'oncall';
}
