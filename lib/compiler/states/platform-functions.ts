import { placeholders } from './placeholders.ts';

/** A function of the platform that the machine invokes: the same code for every pipeline. */
export interface PlatformFunction {
  /** File name in `lambdas/platform`, and the function's row in `contract/access.ts`. */
  readonly name: 'prepare' | 'wait' | 'record-failure' | 'finalize';
  readonly placeholder: string;
  /** Relative to the package's root. */
  readonly entry: string;
  readonly export: 'handler';
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** A minute is far more than any of them needs; 512 MB buys the CPU for a quick cold start. Finalize reads every outcome of the run and gets more time. */
export const platformFunctions: readonly PlatformFunction[] = [
  platformFunction(placeholders.prepare, 'prepare', 60),
  platformFunction(placeholders.wait, 'wait', 60),
  platformFunction(placeholders.recordFailure, 'record-failure', 60),
  platformFunction(placeholders.finalize, 'finalize', 300),
];

function platformFunction(
  placeholder: string,
  name: PlatformFunction['name'],
  timeoutSeconds: number,
): PlatformFunction {
  return { name, placeholder, entry: `lambdas/platform/${name}.ts`, export: 'handler', timeoutSeconds, memoryMb: 512 };
}
