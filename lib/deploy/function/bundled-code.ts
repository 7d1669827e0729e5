import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionBundle } from '../../bundle/bundle-functions.ts';

/** Hands bundles to the CDK by their keys, which copies them out of `scratch` and names them by their content. */
export function bundledCode(bundles: ReadonlyMap<string, FunctionBundle>, scratch: string) {
  return (key: string): Code => {
    const bundle = bundles.get(key);
    if (!bundle) throw new Error(`the function "${key}" was not bundled`);
    const folder = join(scratch, bundle.digest);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(bundle.files)) {
      writeFileSync(join(folder, name), content);
      // Lambda reads the code as another user. A strict umask would leave the file to its owner alone.
      chmodSync(join(folder, name), 0o644);
    }
    return Code.fromAsset(folder, { assetHash: bundle.digest });
  };
}
