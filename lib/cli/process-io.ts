import type { WriteStream } from 'node:tty';
import type { InterruptCode, Io, Output } from './io.ts';

/** The process's own streams, made safe: lost progress ends nothing, nor does a reader of the answer that goes away (`| head`). */
export interface ProcessIo extends Io {
  /** Waits until everything is written; gives the fault that kept the answer from being written, or null. */
  flush(): Promise<Error | null>;
}

export function processIo(): ProcessIo {
  const stdout = output(process.stdout);
  const stderr = output(process.stderr);
  // However the process ends, a picture that was cut off must not take the cursor with it.
  if (stderr.isTTY) process.on('exit', () => process.stderr.write(showCursor));
  return {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt(listener) {
      const listeners = interrupts.map(([signal, code]) => ({ signal, listen: () => listener(code) }));
      for (const { signal, listen } of listeners) process.on(signal, listen);
      return () => {
        for (const { signal, listen } of listeners) process.off(signal, listen);
      };
    },
    kill: (exitCode) => process.exit(exitCode),
    flush: async () => {
      await stderr.flush();
      return stdout.flush();
    },
  };
}

const showCursor = '\u001b[?25h';

const interrupts: readonly (readonly [signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', code: InterruptCode])[] = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
];

/** The reader went away, or the terminal did: both want no more. */
const unwanted: readonly (string | undefined)[] = ['EPIPE', 'EIO'];

function output(stream: NodeJS.WriteStream): Output & { flush(): Promise<Error | null> } {
  let lost: NodeJS.ErrnoException | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    lost ??= error;
  });
  return {
    isTTY: stream.isTTY === true,
    size: () => ({ columns: (stream as WriteStream).columns || 80, rows: (stream as WriteStream).rows || 24 }),
    write: (text) => {
      if (!lost) stream.write(text);
    },
    // A pipe is written asynchronously: leaving earlier would cut a large document off.
    flush: async () => {
      if (!lost) await new Promise((resolve) => stream.write('', resolve));
      return unwanted.includes(lost?.code) ? null : lost;
    },
  };
}
