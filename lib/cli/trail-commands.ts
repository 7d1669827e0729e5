import type { Command } from './command.ts';
import { placeOptions } from './typed/place-options.ts';

/** The commands about where data comes from, and what a change would do to it. */
export const trailCommands: readonly Command[] = [
  {
    name: 'profile',
    arguments: '<pipeline> <words...>',
    usage: '<pipeline> [run] <step.dataset>',
    summary:
      'nulls, extremes, means, frequent values and histograms of a dataset; of the newest run unless one is given',
    options: [['--version <n>', 'of a published version'], ...placeOptions],
    load: () => import('./commands/profile/profile.ts').then((command) => command.profile),
  },
  {
    name: 'lineage',
    arguments: '<pipeline> <dataset>',
    usage: '<pipeline> <step.dataset>[.column]',
    summary: 'where a dataset or a column comes from, and what comes from it, over all pipelines',
    options: [
      ['--up', 'only where it comes from'],
      ['--down', 'only what comes from it'],
      ['--html', 'write a page with the picture, and open it'],
    ],
    load: () => import('./commands/lineage/lineage.ts').then((command) => command.lineage),
  },
  {
    name: 'verify',
    arguments: '<pipeline> [version]',
    summary: 'verify a published version from the bytes, and show its audit trail; the current one unless one is given',
    options: placeOptions,
    load: () => import('./commands/audit/verify.ts').then((command) => command.verify),
  },
  {
    name: 'plan-change',
    arguments: '<pipeline>',
    summary:
      'what the working tree changes: steps that run again, stale datasets and partitions, and the time to make them again',
    options: [
      ['--against <place>', 'a stack, or a store (a folder or s3://...): the same as --stack or --store'],
      ['--markdown', 'as Markdown, for a pull request'],
      ...placeOptions,
    ],
    load: () => import('./commands/changes/plan-change.ts').then((command) => command.planChangeOf),
  },
  {
    name: 'openlineage',
    arguments: '<pipeline> [run]',
    summary: 'report a run to an OpenLineage receiver, or print its events; the newest run unless one is given',
    options: [
      ['--to <url>', 'address of the receiver (default: OPENLINEAGE_URL); its key is OPENLINEAGE_API_KEY'],
      ['--namespace <name>', 'of jobs and datasets (default: OPENLINEAGE_NAMESPACE, or daybreak)'],
      ['--repository <url>', 'web address of the repository: jobs then name their source with its commit'],
      ...placeOptions,
    ],
    load: () => import('./commands/openlineage/openlineage.ts').then((command) => command.openLineage),
  },
];
