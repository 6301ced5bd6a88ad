import assert from 'node:assert/strict';
import type { RestEndpointMethodTypes } from '@octokit/rest';
import { type Addresses, addressesUnder } from '../../../src/lib/sandbox/faces/github/addresses.ts';
import {
  commitBody,
  comparisonBody,
  fullCommitBody,
} from '../../../src/lib/sandbox/faces/github/bodies/commit-body.ts';
import {
  deploymentBody,
  environmentBody,
  statusBody,
} from '../../../src/lib/sandbox/faces/github/bodies/deployment-body.ts';
import { fullPullBody } from '../../../src/lib/sandbox/faces/github/bodies/pull-body.ts';
import { repositoryBody } from '../../../src/lib/sandbox/faces/github/bodies/repository-body.ts';
import { jobBody, runBody, workflowBody } from '../../../src/lib/sandbox/faces/github/bodies/run-body.ts';
import { profileBody } from '../../../src/lib/sandbox/faces/github/bodies/user-body.ts';
import { type ServedGithub, serveGithub } from '../../support/serve-github.ts';

type Answer<
  R extends keyof RestEndpointMethodTypes,
  M extends keyof RestEndpointMethodTypes[R],
> = RestEndpointMethodTypes[R][M] extends { response: { data: infer D } } ? D : never;

type Repository = Parameters<typeof repositoryBody>[0];

/**
 * Each body, given a place with the type that GitHub publishes for it: where one lacks a field or has one of another
 * kind, the type check fails and not this test.
 */
const PUBLISHED = {
  user: (r: Repository, at: Addresses): Answer<'users', 'getAuthenticated'> => profileBody(r.history.head.author, at),
  repository: (r: Repository, at: Addresses): Answer<'repos', 'get'> => repositoryBody(r, at),
  commit: (r: Repository, at: Addresses): Answer<'repos', 'listCommits'>[number] => commitBody(r, r.history.head, at),
  fullCommit: (r: Repository, at: Addresses): Answer<'repos', 'getCommit'> => fullCommitBody(r, r.history.head, at),
  comparison: (r: Repository, at: Addresses): Answer<'repos', 'compareCommitsWithBasehead'> => {
    const found = r.history.compare(r.history.main[0]!, r.history.head);
    return comparisonBody(r, { ...found, page: found.commits, isFirst: true, basehead: 'main...main' }, at);
  },
  pull: (r: Repository, at: Addresses): Answer<'pulls', 'get'> => fullPullBody(r, r.history.pulls[0]!, at),
  workflow: (r: Repository, at: Addresses): Answer<'actions', 'getWorkflow'> => workflowBody(r, r.workflows[0]!, at),
  run: (r: Repository, at: Addresses): Answer<'actions', 'getWorkflowRun'> => runBody(r, r.runs.listed[0]!, at),
  job: (r: Repository, at: Addresses): Answer<'actions', 'getJobForWorkflowRun'> => {
    const run = r.runs.listed[0]!;
    return jobBody(r, { run, job: run.jobs[0]! }, at);
  },
  deployment: (r: Repository, at: Addresses): Answer<'repos', 'getDeployment'> =>
    deploymentBody(r, r.deployments.all[0]!, at),
  status: (r: Repository, at: Addresses): Answer<'repos', 'getDeploymentStatus'> => {
    const deployment = r.deployments.all[0]!;
    return statusBody(r, { deployment, status: deployment.statuses[0]! }, at);
  },
  environment: (r: Repository, at: Addresses): Answer<'repos', 'getEnvironment'> =>
    environmentBody(r, r.environments.all[0]!, at),
};

describe("the sandbox's GitHub bodies", () => {
  let github: ServedGithub;

  before(async () => {
    github = await serveGithub();
  });
  after(() => github.stop());

  for (const [name, body] of Object.entries(PUBLISHED)) {
    it(`give a ${name} whose addresses lie under the API and on a host that does not exist`, () => {
      const at = addressesUnder('http://127.0.0.1:1/github');
      const text = JSON.stringify(body(github.repositories.of('dolthubapi'), at));
      assert.doesNotMatch(text, /undefined|NaN|\/\/(api\.)?github\.com/);
      for (const [, address = ''] of text.matchAll(/"(?:url|html_url)":"([^"]+)"/g)) {
        assert.ok(address.startsWith(at.api) || address.startsWith(at.html), address);
      }
    });
  }
});
