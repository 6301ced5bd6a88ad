import type { ServiceSpec } from '../catalog.ts';

export const DEPLOY_WORKFLOW = '.github/workflows/deploy.yml';
export const REVERT_WORKFLOW = '.github/workflows/revert.yml';
export const CI_WORKFLOW = '.github/workflows/ci.yml';

/** The Actions variable that holds deploys back. */
export const HOLD_VARIABLE = 'DEPLOY_HOLD';

/**
 * The environment whose reviewers must agree before a run goes out, when there are any. Not `production` itself: GitHub
 * records a deployment for a job's environment by itself, and always of the workflow's own commit, so a revert would
 * look like a deployment of the newest commit.
 * https://docs.github.com/en/actions/using-jobs/using-environments-for-deployment
 */
export const APPROVAL_ENVIRONMENT = 'production-approval';

const INPUTS = `      sha:
        description: The commit to run in production, all forty characters
        required: true
        type: string
      reason:
        description: Why, in a few words
        required: false
        type: string
        default: ''
      nonce:
        description: A marker for whoever dispatches this, to find the run again
        required: false
        type: string
        default: ''
`;

const OVERRIDE_INPUT = `      override_hold:
        description: Deploy although deploys are on hold
        required: false
        type: choice
        options: ['no', 'yes']
        default: 'no'
`;

const HOLD_STEP = `      - name: Read the hold
        if: \${{ vars.${HOLD_VARIABLE} != '' && inputs.override_hold != 'yes' }}
        env:
          HOLD: \${{ vars.${HOLD_VARIABLE} }}
        run: |
          echo "::error title=Deploys are on hold::$HOLD"
          exit 1
`;

function rolloutSteps(service: ServiceSpec): string {
  return `      - name: Announce the deployment
        run: |
          id=$(jq -n --arg sha "$SHA" --arg why "$REASON" \\
            '{ref: $sha, environment: "production", auto_merge: false, required_contexts: [], description: $why}' |
            gh api "repos/$GITHUB_REPOSITORY/deployments" --input - --jq .id)
          echo "DEPLOYMENT=$id" >> "$GITHUB_ENV"
          gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses" -f state=queued -f log_url="$RUN_URL"
      - name: Deploy
        run: |
          gh api "repos/$GITHUB_REPOSITORY/deployments/$DEPLOYMENT/statuses" -f state=in_progress -f log_url="$RUN_URL"
          kubectl -n ${service.namespace} set image deployment/${service.name} "${service.name}=$REGISTRY/${service.name}:\${SHA:0:7}"
      - name: Wait for the rollout
        run: kubectl -n ${service.namespace} rollout status deployment/${service.name} --timeout=10m
      - name: Report success
        run: gh api "repos/$GITHUB_REPOSITORY/deployments/$DEPLOYMENT/statuses" -f state=success -f log_url="$RUN_URL"
      - name: Report failure
        if: \${{ (failure() || cancelled()) && env.DEPLOYMENT != '' }}
        run: gh api "repos/$GITHUB_REPOSITORY/deployments/$DEPLOYMENT/statuses" -f state=failure -f log_url="$RUN_URL"
`;
}

function goingOut(service: ServiceSpec, kind: { name: string; verb: string; hold: string; approval: boolean }): string {
  return `name: ${kind.name}
run-name: ${kind.verb} \${{ inputs.sha }} \${{ inputs.nonce }}

on:
  workflow_dispatch:
    inputs:
${INPUTS}${kind.hold === '' ? '' : OVERRIDE_INPUT}
permissions:
  contents: read
  deployments: write

# One group for deploys and reverts: two of them at once would race for the same Deployment.
concurrency:
  group: production-${service.name}
  cancel-in-progress: false

jobs:
  production:
    name: ${kind.verb} ${service.name}
    runs-on: ubuntu-latest
${kind.approval ? `    environment: ${APPROVAL_ENVIRONMENT}\n` : ''}    env:
      GH_TOKEN: \${{ github.token }}
      REGISTRY: \${{ vars.REGISTRY }}
      SHA: \${{ inputs.sha }}
      REASON: \${{ inputs.reason }}
      RUN_URL: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}
    steps:
      - name: Check out
        uses: actions/checkout@v5
        with:
          ref: \${{ inputs.sha }}
${kind.hold}${rolloutSteps(service)}`;
}

function continuousIntegration(service: ServiceSpec): string {
  const test = service.language === 'go' ? 'go test ./...' : 'npm ci && npm test';
  return `name: CI

on:
  pull_request:
  push:
    branches: [main]

jobs:
  test:
    name: Test
    runs-on: ubuntu-latest
    steps:
      - name: Check out
        uses: actions/checkout@v5
      - name: Test
        run: ${test}
`;
}

/** The files of a service's repository that matter here, by path. `approval`: someone must agree to each run first. */
export function repositoryFiles(service: ServiceSpec, options: { approval: boolean }): Map<string, string> {
  const { approval } = options;
  return new Map([
    ['README.md', `# ${service.name}\n\n${service.description}.\n`],
    [CI_WORKFLOW, continuousIntegration(service)],
    [DEPLOY_WORKFLOW, goingOut(service, { name: 'Deploy', verb: 'Deploy', hold: HOLD_STEP, approval })],
    [REVERT_WORKFLOW, goingOut(service, { name: 'Revert', verb: 'Revert to', hold: '', approval })],
  ]);
}
