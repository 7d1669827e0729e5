/**
 * The program of a child process that stands for one Lambda environment: loads a handler, answers one invocation after the other. It treats what a handler leaves behind as
 * Lambda's own Node runtime does: an error that no one catches ends the invocation and the process.
 */
import { setSourceMapsSupport } from 'node:module';
import { pathToFileURL } from 'node:url';
import { registerPackage } from '../../bundle/package/register-package.ts';
import { causesOf, framesOf } from '../../runtime/attempt/error-trace.ts';
import { handlerStarts } from '../../runtime/handler/handler-starts.ts';
import { awaitDebugger } from './await-debugger.ts';
import { endMark } from './function-log.ts';
import type { FromFunction, FunctionError, FunctionSource, ToFunction } from './function-messages.ts';

type Handler = (event: unknown, context: object) => unknown;

/** Lambda's runtime exits with it after an error that no one caught. */
const uncaughtExit = 129;

process.on('disconnect', () => process.exit(1));
process.on('uncaughtException', (error) => end({ ...errorOf(error, 'Error'), trace: traceOf(error) }));
process.on('unhandledRejection', (reason) => {
  const errorType = 'Runtime.UnhandledPromiseRejection';
  end({ errorType, errorMessage: errorOf(reason, 'Error').errorMessage, trace: traceOf(reason) });
});
process.title = 'daybreak-function';
// Handlers are compiled; errors name the lines that people wrote.
setSourceMapsSupport(true);

/** The invocation that is under way. */
let current: string | null = null;

// An exit in the middle of an invocation says who called it; the stack here is that of `process.exit`.
process.on('exit', (code) => {
  if (current === null) return;
  const trace = traceOf(new Error(`process.exit(${code}) ended the function`));
  console.error(trace.join('\n'));
  const errorMessage = `RequestId: ${current} Error: Runtime exited with error: exit status ${code}`;
  tell({
    type: 'error',
    id: current,
    error: { errorType: 'Runtime.ExitError', errorMessage, trace },
    fatal: true,
  });
});

const source = JSON.parse(process.argv[2] ?? '') as FunctionSource;
const tell = (message: FromFunction): void => {
  if (process.connected) process.send?.(message);
};

try {
  registerPackage(source.modules);
  const module = (await import(pathToFileURL(source.entry).href)) as Record<string, unknown>;
  const handler = module[source.export];
  if (typeof handler !== 'function') throw new Error(`"${source.entry}" has no function called "${source.export}"`);
  process.on('message', (message: ToFunction) => {
    if (message?.type === 'invoke') void invoke(handler as Handler, message);
  });
  tell({ type: 'ready' });
} catch (error) {
  console.error(error);
  tell({ type: 'broken', error: errorOf(error, 'Runtime.ImportModuleError') });
}

async function invoke(handler: Handler, { id, event, deadline, log, inspect }: ToFunction): Promise<void> {
  current = id;
  // The process has no further invocation.
  if (inspect) handlerStarts.subscribe(() => awaitDebugger((address) => tell({ type: 'inspecting', address })));
  try {
    const payload = await handler(event, {
      awsRequestId: id,
      functionName: process.title,
      ...(log && { logGroupName: log.group, logStreamName: log.stream }),
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    await finish({ type: 'result', id, payload: JSON.parse(JSON.stringify(payload ?? null)) });
  } catch (error) {
    await finish({ type: 'error', id, error: errorOf(error, 'Error') });
  }
}

/** Marks the end of the invocation in the outputs, then gives its answer. */
async function finish(answer: FromFunction & { readonly id: string }): Promise<void> {
  const write = (stream: NodeJS.WriteStream): Promise<void> =>
    new Promise((resolve) => stream.write(endMark(answer.id), () => resolve()));
  await Promise.all([write(process.stdout), write(process.stderr)]);
  // An error that no one caught was faster: it has ended the invocation.
  if (current !== answer.id) return;
  current = null;
  tell(answer);
}

/** Reports the failure of the current invocation, if there is one, and ends the process. */
function end(error: FunctionError): void {
  console.error(error.trace.length > 0 ? error.trace.join('\n') : error.errorMessage);
  const id = current;
  current = null;
  if (id === null || !process.connected) process.exit(uncaughtExit);
  process.send?.({ type: 'error', id, error, fatal: true } satisfies FromFunction, undefined, undefined, () =>
    process.exit(uncaughtExit),
  );
}

/** The error of a step has the author's frames already; this gives them for errors that no step saw. */
function traceOf(thrown: unknown): string[] {
  const title = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return [title, ...framesOf(thrown), ...causesOf(thrown)];
}

function errorOf(error: unknown, fallback: string): FunctionError {
  if (!(error instanceof Error)) return { errorType: fallback, errorMessage: String(error), trace: [] };
  const errorType = fallback === 'Error' ? error.name || fallback : fallback;
  return { errorType, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
