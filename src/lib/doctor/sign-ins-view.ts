import type { End } from '../clients/sign-in.ts';
import type { Paint } from '../text/paint.ts';
import { plain } from '../text/plain.ts';
import { table } from '../text/table.ts';
import { dateTime, relative, type Zone } from '../text/time.ts';
import type { SignIn } from './sign-ins.ts';

interface Look {
  paint: Paint;
  width: number | null;
  zone: Zone;
  now: number;
}

/** What is known before anything is run, and what will be run. */
export function planView(signIns: readonly SignIn[], due: readonly SignIn[], { paint }: Look): string {
  const valid = signIns.filter((one) => one.state === 'valid' && !due.includes(one)).map(({ title }) => title);
  const commands = [...new Set(due.map(({ command }) => command))];
  return [
    ...(valid.length > 0 ? [`${paint.good(paint.sign.good)} still valid: ${valid.join(', ')}`] : []),
    ...signIns.filter(({ remark, state }) => remark && state !== 'valid').map((one) => trouble(one, paint)),
    ...(commands.length > 0 ? ['', 'To run, one after the other:'] : []),
    ...commands.map((command) => `  ${paint.command(plain(command ?? ''))}`),
  ].join('\n');
}

/** Who you are now, everywhere, and until when. */
export function signInsView(signIns: readonly SignIn[], look: Look): string {
  const { paint, width } = look;
  const rows = table(
    signIns,
    [
      { title: '', cell: ({ who }) => (who ? paint.good(paint.sign.good) : paint.bad(paint.sign.bad)) },
      { title: 'Where', cell: ({ title }) => plain(title) },
      { title: 'Who you are', cell: ({ who }) => plain(who ?? 'not signed in'), shrink: true },
      { title: 'Valid until', cell: (one) => (one.who ? untilWords(one.ends, look) : '') },
    ],
    width,
  );
  const troubles = signIns.filter(({ remark }) => remark).map((one) => trouble(one, paint));
  return [rows, ...troubles].join('\n');
}

/** The end that comes first of those that nobody prevents. */
export function firstEnd(ends: readonly End[]): End | null {
  const hard = ends.filter(({ renewed }) => !renewed);
  return [...hard].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
}

function untilWords(ends: readonly End[], { zone, now }: Look): string {
  const end = firstEnd(ends);
  if (end) return `${dateTime(Date.parse(end.at), zone)} (${relative(Date.parse(end.at), now)})`;
  return ends.length > 0 ? 'renews itself' : 'no end is known';
}

function trouble({ title, remark, state }: SignIn, paint: Paint): string {
  const sign = state === 'valid' || state === 'signed-in' ? paint.warn(paint.sign.warn) : paint.bad(paint.sign.bad);
  return `${sign} ${plain(title)}: ${plain(remark ?? '')}`;
}
