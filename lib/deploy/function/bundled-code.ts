import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionBundle } from '../../bundle/bundle-functions.ts';
import { planFile, type StepSpecs } from '../../contract/step-spec.ts';

/** The code of a function: its bundle, by `entryKey` or `sharedKey`, and the function's facts about these steps beside it. */
export type FunctionCode = (key: string, steps: StepSpecs) => Code;

/** Passes bundles to the CDK, which copies them out of `scratch` and names them by their content. */
export function bundledCode(bundles: ReadonlyMap<string, FunctionBundle>, scratch: string): FunctionCode {
  return (key, steps) => {
    const bundle = bundles.get(key);
    if (!bundle) throw new Error(`the function "${key}" was not bundled`);
    const plan = JSON.stringify(steps);
    const digest = createHash('sha256').update(`${bundle.digest}\0${plan}`).digest('hex');
    const folder = join(scratch, digest);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries({ ...bundle.files, [planFile]: plan })) {
      writeFileSync(join(folder, name), content);
      // Lambda reads the code as another user. A strict umask would make the file readable only for its owner.
      chmodSync(join(folder, name), 0o644);
    }
    return Code.fromAsset(folder, { assetHash: digest });
  };
}
