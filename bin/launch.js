#!/usr/bin/env node
// Plain JavaScript, so that a Node without TypeScript support can still report that. `npx` and npm scripts find the package's own Node first.
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) {
  // The compile cache halves the start of the command line and of every function process; they inherit the variable.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import('./daybreak.ts');
} else {
  const message = `daybreak needs Node 24, and this is ${process.version}; start it as \`npx daybreak\` in a folder where \`npm ci\` was done`;
  console.error(`error: ${message}`);
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ error: { code: 'NODE_TOO_OLD', message }, diagnostics: [] }));
  }
  process.exitCode = 2;
}
