#!/usr/bin/env node
// Plain JavaScript, so that a Node without TypeScript support can still report that. In a checkout, `npx` and npm scripts find the checkout's own Node first.
import { existsSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (path) => new URL(path, import.meta.url);
const isCheckout = existsSync(here('daybreak.ts'));

/** Node 22 warns of features that Node 24 calls stable enough. People cannot act on these warnings. */
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) =>
  /^(SQLite|Type Stripping) is an experimental feature/.test(String(warning))
    ? undefined
    : Reflect.apply(emitWarning, process, [warning, ...rest]);

if (process.features.typescript) {
  // The compile cache halves the start of the command line and of every function process; they inherit the variable.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(here('../node_modules/.cache/compile'));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(isCheckout ? './daybreak.ts' : '../dist/bin/daybreak.js');
} else {
  const remedy = isCheckout
    ? 'start it as `npx daybreak` in a folder where `npm ci` was done'
    : 'install a newer one, or make it a part of your project with `npm install --save-dev node@24`';
  const message = `daybreak needs Node 22.18 or newer, and this is ${process.version}; ${remedy}`;
  console.error(`error: ${message}`);
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ error: { code: 'NODE_TOO_OLD', message }, diagnostics: [] }));
  }
  process.exitCode = 2;
}
