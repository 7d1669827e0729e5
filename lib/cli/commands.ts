import { check } from './check.ts';
import type { Command } from './command.ts';
import { compile } from './compile.ts';
import { dlqList } from './dlq-list.ts';
import { dlqRedrive } from './dlq-redrive.ts';
import { dlqShow } from './dlq-show.ts';
import { graph } from './graph.ts';
import { redrive } from './redrive.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { simulate } from './simulate.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { test } from './test.ts';

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
];
