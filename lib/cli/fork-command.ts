import type { Command } from './command.ts';
import { placeOptions } from './typed/place-options.ts';

/** The command that runs a copy of a run. */
export const fork: Command = {
  name: 'fork',
  arguments: '<pipeline> <run>',
  summary: 'run a copy of a run here, deployed or not: what changed or failed runs, the rest is reused',
  options: [
    ['--steps <step...>', 'steps to run although nothing has changed'],
    ['--inspect', 'each handler waits for a debugger, and has all the time that it needs'],
    ['--send', 'let step.once and the sinks send (default: they refuse)'],
    ['--dry-run', 'show what would be done, and why; start nothing'],
    ['--input <json>', 'new input as JSON, or @file (default: that of the run)'],
    ['--data <csv>', 'source data (default: that of the run)'],
    ['--into <dir>', 'folder of the store for the fork (default: that of the run, or .daybreak/store)'],
    ...placeOptions,
  ],
  load: () => import('./commands/trial/fork.ts').then((command) => command.fork),
};
