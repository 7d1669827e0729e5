import type { Command } from './command.ts';
import { placeOptions, stackOption, storeOption } from './typed/place-options.ts';

/** The table of commands, in the order of `--help`. A command's code is loaded when it is run. */
export const commands: readonly Command[] = [
  {
    name: 'check',
    arguments: '[templates...]',
    summary: 'compile templates (all unless named) and show what is wrong with them',
    options: [],
    load: () => import('./commands/check.ts').then((command) => command.check),
  },
  {
    name: 'compile',
    arguments: '<pipeline>',
    summary: 'compile a pipeline (name or file) and show its machine',
    options: [['--out <dir>', 'write <name>.asl.json, plan.json and bindings.json there']],
    load: () => import('./commands/compile.ts').then((command) => command.compile),
  },
  {
    name: 'graph',
    arguments: '<pipeline>',
    summary: "a pipeline's steps as a Mermaid flowchart; waits are dashed",
    options: [],
    load: () => import('./commands/graph.ts').then((command) => command.graph),
  },
  {
    name: 'run',
    arguments: '<pipeline>',
    summary: 'run a pipeline on this machine',
    options: [
      ['--input <json>', 'input as JSON, or @file'],
      ['--data <csv>', 'source data in place of generated data'],
      storeOption,
    ],
    load: () => import('./commands/run.ts').then((command) => command.run),
  },
  {
    name: 'resume',
    arguments: '<pipeline> <run>',
    summary: 'continue a run: run again what failed or changed, reuse the rest',
    options: [
      ['--from <step...>', 'steps to run again although nothing has changed'],
      ['--dry-run', 'show what would be done, and why; start nothing'],
      ['--input <json>', 'new input as JSON, or @file (default: that of the run)'],
      ['--data <csv>', 'source data (default: that of the run)'],
      ...placeOptions,
    ],
    load: () => import('./commands/resume.ts').then((command) => command.resume),
  },
  {
    name: 'redrive',
    arguments: '<pipeline> <run>',
    summary: 'continue a run on this machine where it stopped, with what it was started with',
    options: [storeOption],
    load: () => import('./commands/redrive.ts').then((command) => command.redrive),
  },
  {
    name: 'simulate',
    arguments: '<template>',
    summary: 'run the machine on a virtual clock, by a script (docs/simulate.md)',
    options: [['--scenario <file>', 'the script; without it every step succeeds after one second']],
    load: () => import('./commands/simulate.ts').then((command) => command.simulate),
  },
  {
    name: 'test',
    arguments: '<pipeline>',
    summary: 'run a pipeline under faults, and show what a failure blocks (docs/faults.md)',
    options: [
      ['--faults <n>', 'number of runs under faults (default: 20)'],
      ['--seed <s>', 'seed of the first run; each further run has the next one (default: 1)'],
      ['--input <json>', 'input as JSON, or @file'],
      ['--data <csv>', 'source data in place of generated data'],
    ],
    load: () => import('./commands/test.ts').then((command) => command.test),
  },
  {
    name: 'start',
    arguments: '<pipeline>',
    summary: 'start a run of a deployed pipeline',
    options: [
      stackOption,
      ['--input <json>', 'input as JSON, or @file'],
      ['--name <run>', 'name of the execution, and so id of the run (default: made of the time)'],
      ['--watch', 'follow the run until it ends'],
    ],
    load: () => import('./commands/start.ts').then((command) => command.start),
  },
  {
    name: 'status',
    arguments: '<pipeline> [run]',
    summary: "a pipeline's runs, or one run's steps",
    options: [...placeOptions, ['--watch', 'follow the run (the latest unless one is given) until it ends']],
    load: () => import('./commands/status.ts').then((command) => command.status),
  },
  {
    name: 'dlq list',
    arguments: '<pipeline>',
    summary: "a pipeline's open dead letters, the latest first",
    options: [...placeOptions, ['--all', 'closed dead letters too: their steps have succeeded since']],
    load: () => import('./commands/dlq-list.ts').then((command) => command.dlqList),
  },
  {
    name: 'dlq show',
    arguments: '<pipeline> [id]',
    summary: 'one dead letter in full; the latest unless an id is given',
    options: placeOptions,
    load: () => import('./commands/dlq-show.ts').then((command) => command.dlqShow),
  },
  {
    name: 'dlq redrive',
    arguments: '<pipeline> [ids...]',
    summary: 'resume the runs of dead letters, each run once',
    options: [
      ...placeOptions,
      ['--all', 'all open dead letters'],
      ['--step <name>', 'only those of this step'],
      ['--dry-run', 'say what would be resumed, and touch nothing'],
    ],
    load: () => import('./commands/dlq-redrive.ts').then((command) => command.dlqRedrive),
  },
  {
    name: 'dlq dismiss',
    arguments: '<pipeline> <ids...>',
    summary: 'close dead letters for good, without a run',
    options: [...placeOptions, ['--reason <text>', 'why; it is kept with the letter']],
    load: () => import('./commands/dlq-dismiss.ts').then((command) => command.dlqDismiss),
  },
];
