import { createHash } from 'node:crypto';
import { entryKey, type FunctionEntry } from './function-entry.ts';
import { runtimeFile } from './runtime-file.ts';

/** One Lambda function that runs several steps. */
export interface SharedFunction {
  readonly modules: readonly { readonly entry: FunctionEntry; readonly steps: readonly string[] }[];
  /** Timeouts in seconds of those steps that have less time than the function. */
  readonly timeouts: Readonly<Record<string, number>>;
}

/** Returns the name of a handler's file beside the index. It depends only on the handler, so adding or removing another handler changes nothing in it. */
export function handlerFile(entry: FunctionEntry): string {
  return `handler-${createHash('sha256').update(entryKey(entry)).digest('hex').slice(0, 12)}.mjs`;
}

/** Returns the key of a shared function in maps of bundles. */
export function sharedKey({ modules, timeouts }: SharedFunction): string {
  return `shared#${createHash('sha256')
    .update(JSON.stringify([modules.map(({ entry, steps }) => [entryKey(entry), steps]), timeouts]))
    .digest('hex')}`;
}

/** Returns the module that Lambda calls. It loads the runtime at once, and each handler at the first invocation of one of its steps. */
export function sharedIndex({ modules, timeouts }: SharedFunction): string {
  const rows = modules.flatMap(({ entry, steps }) =>
    steps.map((step) => {
      const load = `() => import(${JSON.stringify(`./${handlerFile(entry)}`)}).then(({ handler }) => handler)`;
      const timeOut = timeouts[step];
      return `  ${JSON.stringify(step)}: { load: ${load}${timeOut === undefined ? '' : `, timeoutSeconds: ${timeOut}`} },\n`;
    }),
  );
  return [
    `import ${JSON.stringify(`./${runtimeFile('daybreak')}`)};\n`,
    `import { sharedSteps } from ${JSON.stringify(`./${runtimeFile('daybreak/steps')}`)};\n`,
    `export const handler = sharedSteps({\n${rows.join('')}});\n`,
  ].join('');
}
