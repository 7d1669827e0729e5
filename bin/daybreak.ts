#!/usr/bin/env node
import { completeWord } from '../lib/cli/completion/complete-word.ts';

const argv = process.argv.slice(2);
// A shell asks at each key press of Tab, so nothing else is loaded for it.
if (argv[0] === completeWord) {
  const { answerShell } = await import('../lib/cli/completion/answer-shell.ts');
  process.stdout.write(await answerShell(argv.slice(1), process.cwd()));
} else await import('./run-command.ts');
