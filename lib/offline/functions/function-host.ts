/**
 * The program of a child process that stands for one Lambda environment: loads a handler, answers one invocation after the other. It ends when the engine
 * does, so that a killed engine leaves no handler at work.
 */
import { pathToFileURL } from 'node:url';
import { registerPackage } from '../../bundle/package/register-package.ts';
import type { FromFunction, FunctionError, FunctionSource, ToFunction } from './function-messages.ts';

type Handler = (event: unknown, context: object) => unknown;

process.on('disconnect', () => process.exit(1));
process.title = 'daybreak-function';

const source = JSON.parse(process.argv[2] ?? '') as FunctionSource;
const tell = (message: FromFunction): void => {
  process.send?.(message);
};

try {
  registerPackage();
  const module = (await import(pathToFileURL(source.entry).href)) as Record<string, unknown>;
  const handler = module[source.export];
  if (typeof handler !== 'function') throw new Error(`"${source.entry}" has no function called "${source.export}"`);
  process.on('message', (message: ToFunction) => {
    if (message.type === 'invoke') void invoke(handler as Handler, message);
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'broken', error: errorOf(error, 'Runtime.ImportModuleError') });
}

async function invoke(handler: Handler, { id, event, deadline }: ToFunction): Promise<void> {
  try {
    const payload = await handler(event, {
      awsRequestId: id,
      functionName: process.title,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    tell({ type: 'result', id, payload: JSON.parse(JSON.stringify(payload ?? null)) });
  } catch (error) {
    tell({ type: 'error', id, error: errorOf(error, 'Error') });
  }
}

function errorOf(error: unknown, fallback: string): FunctionError {
  if (!(error instanceof Error)) return { errorType: fallback, errorMessage: String(error), trace: [] };
  const errorType = fallback === 'Error' ? error.name || fallback : fallback;
  return { errorType, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
