import { HOLD_VARIABLE } from './hold.ts';
import { OVERRIDE_INPUT, OVERRIDE_YES } from './override.ts';

export type Login = 'eks' | 'gke' | 'custom';

/** What the two workflows of a service are made of. */
export interface WorkflowFacts {
  service: string;
  namespace: string;
  /** Name of the Deployment, and of its container that gets the image. */
  deployment: string;
  container: string;
  /** Image with `{sha}` or `{sha7}` where the commit goes. */
  image: string;
  login: Login;
  /** GitHub environment in which deployments are recorded. */
  environment: string;
  /** Environment whose reviewers must agree first; null for none. */
  approval: string | null;
  inputs: { sha: string; reason: string; nonce: string };
  /** Let runs wait for their turn; an Enterprise Server before this feature refuses the key. */
  queue: boolean;
}

/** GitHub's expression, spelled so that TypeScript does not take it for one of its own. */
const x = (expression: string) => `$\{{ ${expression} }}`;

/** A variable of the shell, for the same reason. */
const shell = (expansion: string) => `$\{${expansion}}`;

/** The workflow that deploys one commit, unless deploys are on hold. */
export function deployWorkflow(facts: WorkflowFacts): string {
  return `# Written by \`oncall deploys init\`. \`oncall deploy ${facts.service}\` starts it.
# It stops while the Actions variable ${HOLD_VARIABLE} is set, which \`oncall hold\` and \`oncall revert\` do.
name: Deploy
run-name: Deploy ${x(`inputs.${facts.inputs.sha}`)} ${x(`inputs.${facts.inputs.nonce}`)}

on:
  workflow_dispatch:
    inputs:
${inputs(facts)}      ${OVERRIDE_INPUT}:
        description: Deploy although deploys are on hold
        required: false
        type: choice
        options: ['no', '${OVERRIDE_YES}']
        default: 'no'

${head(facts)}
jobs:
  hold:
    name: Read the hold
    runs-on: ubuntu-latest
    permissions: {}
    steps:
${holdStep}      - name: Deploys may go on
        run: echo "No hold is set, or it is passed on purpose."

  deploy:
    name: Deploy ${facts.service}
    needs: hold
${job(facts)}    steps:
      # Once more: it may have been set while this run waited for its turn or for an approval.
${holdStep}${steps(facts)}`;
}

/** The workflow that puts one commit back. It does not ask for the hold, which keeps out what it takes out. */
export function revertWorkflow(facts: WorkflowFacts): string {
  return `# Written by \`oncall deploys init\`. \`oncall revert ${facts.service}\` starts it. A hold does not stop it.
name: Revert
run-name: Revert to ${x(`inputs.${facts.inputs.sha}`)} ${x(`inputs.${facts.inputs.nonce}`)}

on:
  workflow_dispatch:
    inputs:
${inputs(facts)}
${head(facts)}
jobs:
  revert:
    name: Revert ${facts.service}
${job(facts)}    steps:
${steps(facts)}`;
}

function inputs({ inputs: { sha, reason, nonce } }: WorkflowFacts): string {
  return `      ${sha}:
        description: The commit to run, all forty characters
        required: true
        type: string
      ${reason}:
        description: Why, in a few words
        required: false
        type: string
        default: ''
      ${nonce}:
        description: A mark by which whoever starts this finds the run again
        required: false
        type: string
        default: ''
`;
}

function head({ service, environment, queue }: WorkflowFacts): string {
  return `permissions:
  contents: read

# One group for deploys and reverts: two of them at once would race for the same Deployment.${
    queue ? '\n# `queue: max` lets them wait for their turn; without it a newer one cancels the one that waits.' : ''
  }
concurrency:
  group: ${environment}-${service}
  cancel-in-progress: false
${queue ? '  queue: max\n' : ''}`;
}

const holdStep = `      - name: Deploys are on hold
        if: ${x(`vars.${HOLD_VARIABLE} != '' && inputs.${OVERRIDE_INPUT} != '${OVERRIDE_YES}'`)}
        env:
          HOLD: ${x(`vars.${HOLD_VARIABLE}`)}
        run: |
          echo "::error title=Deploys are on hold::$HOLD"
          exit 1
`;

function job(facts: WorkflowFacts): string {
  return `    runs-on: ubuntu-latest
${facts.approval ? `    environment: ${facts.approval}\n` : ''}    permissions:
      contents: read
      deployments: write
${facts.login === 'custom' ? '' : '      id-token: write\n'}    env:
      GH_TOKEN: ${x('github.token')}
      SHA: ${x(`inputs.${facts.inputs.sha}`)}
      REASON: ${x(`inputs.${facts.inputs.reason}`)}
      RUN_URL: ${x('github.server_url')}/${x('github.repository')}/actions/runs/${x('github.run_id')}
`;
}

function steps(facts: WorkflowFacts): string {
  const { namespace, deployment, container, environment, inputs: names } = facts;
  const image = facts.image.replaceAll('{sha7}', shell('SHA:0:7')).replaceAll('{sha}', shell('SHA'));
  const status = (state: string) =>
    `gh api "repos/$GITHUB_REPOSITORY/deployments/$DEPLOYMENT/statuses" -f state=${state} -f log_url="$RUN_URL"`;
  return `      - name: Check the commit
        run: |
          [[ "$SHA" =~ ^[0-9a-f]{40}$ ]] || { echo "::error::A whole commit is wanted, and not $SHA"; exit 1; }
      - name: Check out
        uses: actions/checkout@v5
        with:
          ref: ${x(`inputs.${names.sha}`)}
          persist-credentials: false
${LOGIN[facts.login]}      # A record of its own: what a job's \`environment:\` records is the workflow's commit, and not the one that goes out.
      - name: Announce the deployment
        run: |
          jq -n --arg sha "$SHA" --arg why "$REASON" \\
            '{ref: $sha, environment: "${environment}", auto_merge: false, required_contexts: [], description: $why[0:140]}' > deployment.json
          id=$(gh api "repos/$GITHUB_REPOSITORY/deployments" --input deployment.json --jq .id)
          echo "DEPLOYMENT=$id" >> "$GITHUB_ENV"
          gh api "repos/$GITHUB_REPOSITORY/deployments/$id/statuses" -f state=queued -f log_url="$RUN_URL"
      - name: Deploy
        run: |
          ${status('in_progress')}
          kubectl -n ${namespace} set image deployment/${deployment} "${container}=${image}"
      - name: Wait for the rollout
        run: kubectl -n ${namespace} rollout status deployment/${deployment} --timeout=10m
      - name: Report success
        run: ${status('success')}
      - name: Report failure
        if: ${x("(failure() || cancelled()) && env.DEPLOYMENT != ''")}
        run: ${status('failure')}
`;
}

const LOGIN: Record<Login, string> = {
  eks: `      - name: The cluster is not named
        if: ${x("vars.AWS_DEPLOY_ROLE == '' || vars.AWS_REGION == '' || vars.EKS_CLUSTER == ''")}
        run: |
          echo "::error::Set the Actions variables AWS_DEPLOY_ROLE (a role that trusts this repository), AWS_REGION and EKS_CLUSTER."
          exit 1
      - name: Sign in to AWS
        uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: ${x('vars.AWS_DEPLOY_ROLE')}
          aws-region: ${x('vars.AWS_REGION')}
      - name: Sign in to the cluster
        env:
          EKS_CLUSTER: ${x('vars.EKS_CLUSTER')}
        run: aws eks update-kubeconfig --name "$EKS_CLUSTER"
`,
  gke: `      - name: The cluster is not named
        if: ${x("vars.GCP_WORKLOAD_IDENTITY_PROVIDER == '' || vars.GCP_DEPLOY_ACCOUNT == '' || vars.GKE_CLUSTER == '' || vars.GKE_LOCATION == ''")}
        run: |
          echo "::error::Set the Actions variables GCP_WORKLOAD_IDENTITY_PROVIDER, GCP_DEPLOY_ACCOUNT, GKE_CLUSTER and GKE_LOCATION."
          exit 1
      - name: Sign in to Google Cloud
        uses: google-github-actions/auth@v2
        with:
          workload_identity_provider: ${x('vars.GCP_WORKLOAD_IDENTITY_PROVIDER')}
          service_account: ${x('vars.GCP_DEPLOY_ACCOUNT')}
      - name: Sign in to the cluster
        uses: google-github-actions/get-gke-credentials@v2
        with:
          cluster_name: ${x('vars.GKE_CLUSTER')}
          location: ${x('vars.GKE_LOCATION')}
`,
  custom: `      # TODO: sign in to your cluster in this step, so that kubectl reaches it; until then it fails on purpose.
      - name: Sign in to the cluster
        run: |
          echo "::error::The step \\"Sign in to the cluster\\" is still to be written."
          exit 1
`,
};
