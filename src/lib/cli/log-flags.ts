import * as Flags from '@oclif/core/flags';
import { duration, incidentFlag } from './flags.ts';

/** The flags of `oncall logs`; many of them are kubectl's and stern's, under the same names. */
export const logFlags = {
  ...incidentFlag,
  follow: Flags.boolean({ char: 'f', summary: 'Go on live; default: on a terminal', allowNo: true }),
  since: duration({ summary: 'Only what was written within this span', exclusive: ['all', 'since-time'] }),
  'since-time': Flags.string({
    summary: 'Only what was written from this time on',
    helpValue: 'TIME',
    exclusive: ['all'],
  }),
  until: Flags.string({ summary: 'Only what was written up to this time', helpValue: 'TIME', exclusive: ['follow'] }),
  tail: Flags.integer({ summary: 'Last lines of each container; default: 10; -1: all', min: -1, helpValue: 'N' }),
  all: Flags.boolean({ summary: 'Everything that the node still has', exclusive: ['tail', 'since'] }),
  previous: Flags.boolean({ char: 'p', summary: 'Only the run before the last restart' }),
  container: Flags.string({
    char: 'c',
    summary: 'Only this container; repeat it for more',
    helpValue: 'NAME',
    multiple: true,
  }),
  pod: Flags.string({ summary: 'Only this pod; a part of its name is enough', helpValue: 'NAME' }),
  context: Flags.string({
    summary: 'Context of the kubeconfig; repeat it for several clusters at once',
    helpValue: 'NAME',
    multiple: true,
  }),
  namespace: Flags.string({ char: 'n', summary: 'Namespace, instead of the configured one', helpValue: 'NAME' }),
  selector: Flags.string({
    char: 'l',
    summary: 'Label selector, instead of a configured service',
    helpValue: 'LABELS',
  }),
  grep: Flags.string({ char: 'g', summary: 'Only lines that match', helpValue: 'REGEXP' }),
  exclude: Flags.string({ char: 'e', summary: 'Only lines that do not match', helpValue: 'REGEXP' }),
  level: Flags.string({
    summary: 'Only lines of this level or a graver one',
    options: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
    helpValue: 'LEVEL',
  }),
  before: Flags.integer({ char: 'B', summary: 'Lines to show before each that matches', min: 0, helpValue: 'N' }),
  after: Flags.integer({ char: 'A', summary: 'Lines to show after each that matches', min: 0, helpValue: 'N' }),
  around: Flags.integer({
    char: 'C',
    summary: 'Lines to show before and after each that matches',
    min: 0,
    helpValue: 'N',
  }),
  highlight: Flags.string({ char: 'H', summary: 'Mark what matches, hide nothing', helpValue: 'REGEXP' }),
  fields: Flags.string({ summary: 'Fields to show of JSON and logfmt lines, separated by commas', helpValue: 'NAMES' }),
  raw: Flags.boolean({ summary: 'Lines exactly as written, byte for byte: nothing taken apart, no prefix' }),
  timestamps: Flags.boolean({ summary: 'Show when each line was written; default: unless --raw', allowNo: true }),
  events: Flags.boolean({ summary: 'Show the Kubernetes events of these pods among the lines' }),
  stats: Flags.boolean({ summary: 'Count lines by pod and level at the end' }),
  'max-streams': Flags.integer({
    summary: 'Logs to read at once; the others wait for their turn',
    min: 1,
    default: 1000,
    helpValue: 'N',
  }),
};
