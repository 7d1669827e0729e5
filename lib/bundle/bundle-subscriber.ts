import { bundleOf, type FunctionBundle, links, type RuntimePlace } from './bundle-functions.ts';
import type { HandlerBundle } from './bundle-handlers.ts';
import type { FunctionEntry } from './function-entry.ts';
import { runtimeFolder } from './layers/runtime-layer.ts';
import { handlerFile } from './shared-index.ts';

/** Bundles the function of one subscriber. Lambda calls `index.handler`, which is the subscriber itself. */
export function bundleSubscriber(
  entry: FunctionEntry,
  { files, imports }: HandlerBundle,
  { runtime = runtimeFolder }: RuntimePlace = {},
): FunctionBundle {
  const index = `export { handler } from ${JSON.stringify(`./${handlerFile(entry)}`)};\n`;
  return bundleOf({ ...files, ...links(imports, runtime), 'index.mjs': Buffer.from(index) });
}
