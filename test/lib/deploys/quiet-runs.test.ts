import assert from 'node:assert/strict';
import type { NamedDeploy } from '../../../src/lib/deploys/deploy.ts';
import { findLastGood } from '../../../src/lib/deploys/quiet-runs.ts';
import { c, deploy, minutesAgo, NOW } from './some-deploys.ts';

describe('the last good deploy', () => {
  const table: {
    title: string;
    deploys: NamedDeploy[];
    current: string | null;
    incidentsAgo?: number[];
    good: string | null;
    already?: boolean;
  }[] = [
    {
      title: 'is the success before the current one',
      deploys: [deploy('c', 5), deploy('b', 300), deploy('a', 900)],
      current: 'c',
      good: 'b',
    },
    {
      title: 'is not the same commit deployed once more',
      deploys: [deploy('c', 5), deploy('c', 200), deploy('b', 300)],
      current: 'c',
      good: 'b',
    },
    {
      title: 'is not one that failed',
      deploys: [deploy('c', 5), deploy('b', 300, { state: 'failed', succeededAt: null }), deploy('a', 900)],
      current: 'c',
      good: 'a',
    },
    {
      title: 'is not one that was replaced within minutes',
      deploys: [deploy('c', 5), deploy('b', 12), deploy('a', 900)],
      current: 'c',
      good: 'a',
    },
    {
      title: 'is not one with an incident while it ran',
      deploys: [deploy('c', 5), deploy('b', 300), deploy('a', 900)],
      current: 'c',
      incidentsAgo: [100],
      good: 'a',
    },
    {
      title: 'is not blamed for an incident that began once the next one was going out',
      deploys: [deploy('c', 5, { state: 'running', succeededAt: null }), deploy('b', 300)],
      current: 'c',
      incidentsAgo: [4],
      good: 'b',
    },
    {
      title: 'is found behind a current one that never succeeded',
      deploys: [deploy('c', 5, { state: 'failed', succeededAt: null }), deploy('b', 300)],
      current: 'c',
      good: 'b',
    },
    {
      title: 'is what runs already after a revert, whose other half is not offered',
      deploys: [deploy('b', 3), deploy('c', 20), deploy('b', 300)],
      current: 'b',
      incidentsAgo: [15],
      good: null,
      already: true,
    },
    {
      title: 'is found where the cluster runs a commit that nobody deployed',
      deploys: [deploy('c', 50), deploy('b', 300)],
      current: 'f',
      good: 'c',
    },
    { title: 'is missing where there is only one deploy', deploys: [deploy('c', 5)], current: 'c', good: null },
    { title: 'is missing where there is none', deploys: [], current: null, good: null },
  ];
  for (const { title, deploys, current, incidentsAgo = [], good, already = false } of table) {
    it(title, () => {
      const found = findLastGood(deploys, {
        current: deploys.find(({ sha }) => current && sha === c(current)) ?? null,
        currentSha: current && c(current),
        disturbances: incidentsAgo.map((ago) => ({ startedAt: minutesAgo(ago) })),
        now: NOW,
      });
      assert.equal(found.alreadyThere, already);
      if (!already) assert.equal(found.run?.deploy.sha ?? null, good && c(good));
    });
  }
});
