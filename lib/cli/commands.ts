import type { Command } from './command.ts';
import { check } from './commands/check.ts';
import { compile } from './commands/compile.ts';
import { dlqDismiss } from './commands/dlq-dismiss.ts';
import { dlqList } from './commands/dlq-list.ts';
import { dlqRedrive } from './commands/dlq-redrive.ts';
import { dlqShow } from './commands/dlq-show.ts';
import { graph } from './commands/graph.ts';
import { redrive } from './commands/redrive.ts';
import { resume } from './commands/resume.ts';
import { run } from './commands/run.ts';
import { simulate } from './commands/simulate.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { test } from './commands/test.ts';

/** The table of commands, in the order of `--help`. */
export const commands: readonly Command[] = [
  check,
  compile,
  graph,
  run,
  resume,
  redrive,
  simulate,
  test,
  start,
  status,
  dlqList,
  dlqShow,
  dlqRedrive,
  dlqDismiss,
];
