import { format } from 'node:util';
import type { Redactor } from './redactor.ts';

const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/**
 * Keeps secrets out of all output of this process: `console`, `process.stdout`, `process.stderr`, and the errors that end the process. A program that the handler starts
 * with its own outputs inherited writes past it.
 */
export function guardOutput(redactor: Redactor): void {
  for (const method of methods) {
    // Lambda's runtime has its own console, which does not write to process.stdout.
    const print = console[method].bind(console);
    console[method] = (...values: unknown[]) => {
      const text = format(...values);
      const clean = redactor.redact(text);
      if (clean === text) print(...values);
      else print(clean);
    };
  }
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
    stream.write = (chunk: unknown, ...rest: unknown[]) => write(cleaned(chunk, redactor), ...rest);
  }
  process.on('uncaughtExceptionMonitor', (error) => redactor.redactError(error));
  // Without a listener, Node turns it into an uncaught exception; our own listener would prevent that.
  if (process.listenerCount('unhandledRejection') > 0)
    process.prependListener('unhandledRejection', (reason) => redactor.redactError(reason));
}

function cleaned(chunk: unknown, { redact }: Redactor): unknown {
  if (typeof chunk === 'string') return redact(chunk);
  if (!(chunk instanceof Uint8Array)) return chunk;
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
  const clean = redact(text);
  return clean === text ? chunk : clean;
}
