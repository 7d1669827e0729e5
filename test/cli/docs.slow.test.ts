import { test } from 'vitest';
import { playPage } from './docs-session.ts';
import { project } from './project.ts';

test.each([
  'docs/audit.md',
  'docs/cli.md',
  'docs/data.md',
  'docs/fork.md',
  'docs/lineage.md',
  'docs/backfill.md',
  'docs/partitions.md',
  'docs/publish.md',
  'docs/plan-change.md',
  'docs/simulate.md',
  'docs/unit-tests.md',
])('%s shows the real output of its commands', async (page) => {
  await playPage(page, await project({}));
});
