/**
 * Deploys the smallest pipeline into the account of the environment's credentials, checks what only an account can show, and removes everything but the
 * buckets. `--dry-run` prints every call and makes none; `--long` adds checks of a quarter of an hour and more; `--keep` leaves the stacks.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prefixPattern } from '../../lib/config/config.ts';
import { defaultPrefix, stackName } from '../../lib/config/stack-names.ts';
import { dryAccount, realAccount } from './account.ts';
import { checks } from './checks.ts';

const { values } = parseArgs({
  options: {
    'dry-run': { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    prefix: { type: 'string', default: `${defaultPrefix}verify` },
  },
});
if (!prefixPattern.test(values.prefix)) throw new Error(`--prefix takes letters and digits, not "${values.prefix}"`);

const root = fileURLToPath(new URL('project/', import.meta.url));
const app = fileURLToPath(new URL('../../bin/app.ts', import.meta.url));
const scope = { prefix: values.prefix, environment: null };
const stacks = [stackName('verify', scope), stackName('shared', scope)] as const;
const account = values['dry-run'] ? dryAccount(console.log) : realAccount(root, stacks[0]);
const common = ['--app', `npx node ${app}`, '-c', `prefix=${values.prefix}`];
const failed: string[] = [];
let passed = 0;

console.log(`deploy ${stacks.join(' and ')}`);
await account.cdk('deploy', '--all', '--require-approval', 'never', ...common);
try {
  for (const { title, isLong, run } of checks) {
    if (isLong && !values.long) continue;
    console.log(title);
    await run(account).then(
      () => {
        passed += 1;
        console.log(values['dry-run'] ? '  (not checked)' : '  ok');
      },
      (error: unknown) => {
        failed.push(title);
        console.log(`  FAILED ${String(error)}`);
      },
    );
  }
} finally {
  if (!values.keep) {
    console.log('remove the stacks; the buckets stay, as docs/deployment.md says');
    await account.cdk('destroy', stacks[0], '--force', ...common);
    console.log(
      `  the shared stack is protected: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stacks[1]}, then cdk destroy ${stacks[1]}`,
    );
  }
}
if (!values['dry-run']) console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
