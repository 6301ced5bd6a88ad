/** The runbook that the practice team keeps for a service: the seed's four stages, as Markdown. */
export function practiceRunbook(service: string): string {
  return `# ${service} is down

## Triage

1. Is it real, and are customers affected? \`oncall graph ${service}\` shows live instances and failing requests.
2. Tell customers on Discord that you are looking at it.

## Diagnosis

1. Look at the service: \`oncall logs ${service}\`.
2. Look for recent code changes: \`oncall deploys ${service}\`. A revert may be all it takes.

## Mitigation

1. If a deploy went out just before: \`oncall revert ${service}\`. It watches the alert until it is quiet.
2. Not better after ten minutes, or not sure? \`oncall escalate\`. Nobody minds being woken.

## Recovery

1. See that it stays quiet: \`oncall now\`.
2. Tell customers on Discord that it is over.
3. \`oncall resolve\`, then write down what happened.
`;
}
