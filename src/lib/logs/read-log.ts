import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Kubernetes, LogRequest } from '../clients/kubernetes/kubernetes.ts';
import { LineCutter, type LogLine, parseLine } from './log-line.ts';

/** Lines as they arrive, and what the kubelet itself had to say. */
export interface LogPiece {
  lines: LogLine[];
  /** Words of the kubelet, which carry no timestamp. */
  remarks: string[];
}

export type WhichLog = Omit<LogRequest, 'timestamps'>;

/**
 * Reads one container's log in pieces, no faster than they are taken. Timestamps are always asked for: they order the
 * lines, and tell where to go on after a break. What arrived before a break is given before the break is thrown.
 * @throws as `Kubernetes.log`
 */
export async function* readLog(
  kubernetes: Kubernetes,
  which: WhichLog,
  signal: AbortSignal,
): AsyncGenerator<LogPiece, void> {
  const enough = new AbortController();
  const pipe = new PassThrough();
  let failure: unknown;
  const reading = kubernetes
    .log({ ...which, timestamps: true }, pipe, AbortSignal.any([signal, enough.signal]))
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => pipe.end());
  const decoder = new StringDecoder('utf8');
  const cutter = new LineCutter();
  try {
    for await (const chunk of pipe) yield pieceOf(cutter.push(decoder.write(chunk as Buffer)));
    const rest = cutter.end();
    // A broken connection may leave half a line; it will come whole when the log is asked for again.
    if (rest !== null && !failure) yield pieceOf([rest]);
  } finally {
    enough.abort();
    await reading;
  }
  if (failure) throw failure;
}

function pieceOf(raw: readonly string[]): LogPiece {
  const piece: LogPiece = { lines: [], remarks: [] };
  for (const one of raw) {
    const line = parseLine(one);
    if (line) piece.lines.push(line);
    else if (one.trim()) piece.remarks.push(one);
  }
  return piece;
}
