import type { Command } from './command.ts';
import { placeOptions } from './typed/place-options.ts';

const csvOption = ['--csv', 'CSV in place of a table: a null is an empty field, an empty text is ""'] as const;
const versionOption = ['--version <n>', 'this version (default: the current one)'] as const;
const partitionOption = ['--partition <name>', 'of a pipeline with partitions: which one'] as const;
const byOption = ['--by <name>', 'who (default: your user name)'] as const;

/** The commands about data: that of runs, and published versions. */
export const dataCommands: readonly Command[] = [
  {
    name: 'head',
    arguments: '<pipeline> <words...>',
    usage: '<pipeline> [run] <step.dataset>',
    summary: 'the first rows of a dataset; of the newest run unless one is given',
    options: [['-n, --rows <n>', 'at most so many rows (default: 10)'], csvOption, ...placeOptions],
    load: () => import('./commands/head.ts').then((command) => command.head),
  },
  {
    name: 'query',
    arguments: '<pipeline> <words...>',
    usage: '<pipeline> [run] "SELECT ... FROM step.dataset"',
    summary: 'query the datasets of a run; it changes nothing',
    options: [
      ['--published', 'query the published datasets instead: their current version'],
      ['-n, --rows <n>', 'at most so many rows (default: 100; with --csv all)'],
      csvOption,
      ...placeOptions,
    ],
    load: () => import('./commands/query.ts').then((command) => command.query),
  },
  {
    name: 'read',
    arguments: '<pipeline> [dataset]',
    summary: 'rows of a published dataset; without one, the datasets of the version',
    options: [
      versionOption,
      partitionOption,
      ['-n, --rows <n>', 'at most so many rows (default: 100; with --csv all)'],
      csvOption,
      ...placeOptions,
    ],
    load: () => import('./commands/published/read.ts').then((command) => command.read),
  },
  {
    name: 'export',
    arguments: '<pipeline> <dataset>',
    summary: 'write a published dataset to a file',
    options: [
      ['--out <file>', 'the file; it appears when it is complete'],
      ['--format <format>', 'parquet, csv or json (one object per line); by default as the name ends'],
      versionOption,
      partitionOption,
      ...placeOptions,
    ],
    load: () => import('./commands/published/export.ts').then((command) => command.exportDataset),
  },
  {
    name: 'diff',
    arguments: '<pipeline> <dataset> [before] [after]',
    summary: 'compare a dataset of two versions (numbers) or runs; by default the last two versions',
    options: [
      ['--key <columns>', 'columns that name a row: order_id,line (default: rows are compared as a whole)'],
      ['-n, --rows <n>', 'samples of each kind (default: 5)'],
      partitionOption,
      ...placeOptions,
    ],
    load: () => import('./commands/published/diff.ts').then((command) => command.diff),
  },
  {
    name: 'history',
    arguments: '<pipeline>',
    summary: 'what readers saw and see: publishes, rollbacks and withdrawals',
    options: [['-n, --rows <n>', 'the latest changes (default: 20, at most 300)'], ...placeOptions],
    load: () => import('./commands/published/history.ts').then((command) => command.history),
  },
  {
    name: 'rollback',
    arguments: '<pipeline>',
    summary: 'move readers back to an earlier version',
    options: [
      ['--to <version>', 'this version (default: the newest one before the current one)'],
      ['--reason <text>', 'why; the history keeps it'],
      byOption,
      partitionOption,
      ...placeOptions,
    ],
    load: () => import('./commands/published/roll-back.ts').then((command) => command.rollBackVersion),
  },
  {
    name: 'withdraw',
    arguments: '<pipeline> <version>',
    summary: 'take a version away from readers for good; no resume of its run publishes it again',
    options: [['--reason <text>', 'why; the history keeps it'], byOption, ...placeOptions],
    load: () => import('./commands/published/roll-back.ts').then((command) => command.withdrawVersion),
  },
];
