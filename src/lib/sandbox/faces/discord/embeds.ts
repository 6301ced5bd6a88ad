import type { Complaints } from './refusal.ts';
import { lengthOf, tooLong } from './text-length.ts';

const MOST_EMBEDS = 10;
const MOST_FIELDS = 25;
/** Over all embeds of a message together. */
const LONGEST_SUM = 6000;
const REQUIRED = { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };

/** Longest text of each part. https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const LIMITS = { title: 256, description: 4096, name: 256, value: 1024, footer: 2048, author: 256 } as const;

type Part = Record<string, unknown>;

/** Checks embeds part by part, and their sum. */
export function checkEmbeds(embeds: unknown, complaints: Complaints): void {
  if (!Array.isArray(embeds)) {
    complaints.add(['embeds'], { code: 'LIST_TYPE_CONVERT', message: 'Only iterables may be used in a ListType' });
    return;
  }
  if (embeds.length > MOST_EMBEDS) complaints.add(['embeds'], tooLong(MOST_EMBEDS));
  let sum = 0;
  embeds.forEach((embed: unknown, i) => {
    if (!embed || typeof embed !== 'object') {
      complaints.add(['embeds', i], {
        code: 'MODEL_TYPE_CONVERT',
        message: 'Only dictionaries may be used in a ModelType',
      });
      return;
    }
    sum += checkEmbed(embed as Part, { at: ['embeds', i], complaints });
  });
  if (sum > LONGEST_SUM)
    complaints.add(['embeds'], {
      code: 'MAX_EMBED_SIZE_EXCEEDED',
      message: `Embed size exceeds maximum size of ${LONGEST_SUM}`,
    });
}

interface Place {
  at: (string | number)[];
  complaints: Complaints;
}

/** @returns how many characters count towards the sum */
function checkEmbed(embed: Part, { at, complaints }: Place): number {
  const measure = (value: unknown, most: number, path: (string | number)[]): number => {
    if (value === undefined || value === null) return 0;
    const length = lengthOf(String(value));
    if (length > most) complaints.add([...at, ...path], tooLong(most));
    return length;
  };
  let sum = measure(embed.title, LIMITS.title, ['title']);
  sum += measure(embed.description, LIMITS.description, ['description']);
  sum += measure((embed.footer as Part | undefined)?.text, LIMITS.footer, ['footer', 'text']);
  sum += measure((embed.author as Part | undefined)?.name, LIMITS.author, ['author', 'name']);
  checkUrl(embed.url, { at: [...at, 'url'], complaints });
  const fields = Array.isArray(embed.fields) ? (embed.fields as Part[]) : [];
  if (fields.length > MOST_FIELDS) complaints.add([...at, 'fields'], tooLong(MOST_FIELDS));
  fields.forEach((field, i) => {
    for (const part of ['name', 'value'] as const) {
      const path = ['fields', i, part];
      if (field?.[part] === undefined || String(field[part]).trim() === '') complaints.add([...at, ...path], REQUIRED);
      else sum += measure(field[part], LIMITS[part], path);
    }
  });
  return sum;
}

function checkUrl(url: unknown, { at, complaints }: Place): void {
  if (url === undefined || url === null) return;
  if (!/^(https?|attachment):/.test(String(url)))
    complaints.add(at, {
      code: 'URL_TYPE_INVALID_SCHEME',
      message: `Scheme "${String(url).split(':')[0]?.toLowerCase()}" is not supported. Scheme must be one of ('http', 'https').`,
    });
}
