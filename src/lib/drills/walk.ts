/** One command of the ideal run, and why it is the next thing to do. */
export interface DrillStep {
  /** Words after `oncall`. */
  argv: readonly string[];
  why: string;
}

/** The ideal run through `bad-deploy`: what a calm engineer would type. */
export const BAD_DEPLOY_STEPS: readonly DrillStep[] = [
  { argv: ['now'], why: 'Something woke you. What is going on?' },
  { argv: ['ack'], why: 'Take the page: the phone stops, and you see what is known.' },
  { argv: ['logs', 'dolthubapi', '--tail', '10', '--no-follow'], why: 'What does the service itself say?' },
  { argv: ['graph'], why: 'How bad is it, and since when?' },
  { argv: ['deploys'], why: 'What changed just before?' },
  {
    argv: ['note', 'Panics since the last deploy; putting the one before back.'],
    why: 'Write down what you think. The tool keeps the rest.',
  },
  {
    argv: ['revert', '--yes', '--reason', 'crash loop since the last deploy'],
    why: 'A deploy went out just before: put the last good one back, and watch it help.',
  },
  { argv: ['resolve', '--yes'], why: 'The alert is quiet. Close the incident.' },
  { argv: ['incident', 'timeline', 'dolthubapi is down'], why: 'Everything was written down while you worked.' },
];
