import { Labels } from './labels.ts';
import { executionError } from './promql-error.ts';

/** The moments at which an expression is evaluated, in milliseconds since 1970. An instant query has one. */
export interface Steps {
  startMs: number;
  stepMs: number;
  count: number;
}

/** One series of an evaluated expression: a value for each step at which it exists. */
export interface Track {
  labels: Labels;
  values: Float64Array;
  /** 1 where the series has a value. */
  present: Uint8Array;
}

/** One element of a vector at one step. */
export interface Sample {
  labels: Labels;
  value: number;
}

export function timeOf(steps: Steps, index: number): number {
  return steps.startMs + index * steps.stepMs;
}

export function emptyTrack(labels: Labels, count: number): Track {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count) };
}

/** A scalar: one series without labels that has a value at each step. */
export function scalarTrack(count: number, value: (index: number) => number): Track {
  const track = emptyTrack(Labels.EMPTY, count);
  for (let i = 0; i < count; i++) track.values[i] = value(i);
  track.present.fill(1);
  return track;
}

export function valueAt(track: Track | undefined, index: number): number {
  return track?.values[index] ?? Number.NaN;
}

/** The same series with other values and labels. */
export function mapTrack(track: Track, labels: Labels, change: (value: number, index: number) => number): Track {
  const { length } = track.values;
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) if (track.present[i]) values[i] = change(track.values[i] as number, i);
  return { labels, values, present: track.present };
}

function sameLabelset(): Error {
  return executionError('vector cannot contain metrics with the same labelset');
}

/**
 * Brings series of equal labels together. Functions of instant vectors look at one step at a time, so two such series are
 * an error only when both have a value at one step.
 */
export function merged(tracks: readonly Track[]): Track[] {
  const byKey = new Map<string, Track>();
  for (const track of tracks) {
    const known = byKey.get(track.labels.key);
    byKey.set(track.labels.key, known ? overlay(known, track) : track);
  }
  return [...byKey.values()];
}

function overlay(a: Track, b: Track): Track {
  const both = emptyTrack(a.labels, a.values.length);
  for (let i = 0; i < both.values.length; i++) {
    if (a.present[i] && b.present[i]) throw sameLabelset();
    both.present[i] = a.present[i] || b.present[i] ? 1 : 0;
    both.values[i] = (a.present[i] ? a.values[i] : b.values[i]) as number;
  }
  return both;
}

/** Functions of range vectors look at whole series: two of equal labels are an error even if they never meet. */
export function distinct(tracks: Track[]): Track[] {
  if (new Set(tracks.map(({ labels }) => labels.key)).size !== tracks.length) throw sameLabelset();
  return tracks;
}

/** The elements that exist at one step, with the place of each among the tracks. */
export function vectorAt(tracks: readonly Track[], index: number): (Sample & { track: number })[] {
  const vector: (Sample & { track: number })[] = [];
  tracks.forEach((one, track) => {
    if (one.present[index]) vector.push({ labels: one.labels, value: one.values[index] as number, track });
  });
  return vector;
}

/** Builds series from one vector per step. The series stand in the order in which they first appear. */
export function fromVectors(count: number, vector: (index: number) => readonly Sample[]): Track[] {
  const byKey = new Map<string, Track>();
  for (let i = 0; i < count; i++) {
    for (const { labels, value } of vector(i)) {
      let track = byKey.get(labels.key);
      if (!track) {
        track = emptyTrack(labels, count);
        byKey.set(labels.key, track);
      }
      if (track.present[i]) throw sameLabelset();
      track.present[i] = 1;
      track.values[i] = value;
    }
  }
  return [...byKey.values()];
}
