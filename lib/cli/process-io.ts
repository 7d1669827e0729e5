import type { WriteStream } from 'node:tty';
import type { Io, Output } from './io.ts';

/** The process's own streams, made safe: a reader that goes away (`| head`) is no error. */
export function processIo(): Io & { flush(): Promise<void> } {
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
      for (const signal of interrupts) process.on(signal, listener);
      return () => {
        for (const signal of interrupts) process.off(signal, listener);
      };
    },
    kill: (exitCode) => process.exit(exitCode),
    flush: async () => {
      await Promise.all([stdout.flush(), stderr.flush()]);
    },
  };
}

const showCursor = '\u001b[?25h';

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function output(stream: NodeJS.WriteStream): Output & { flush(): Promise<void> } {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    gone = true;
  });
  return {
    isTTY: stream.isTTY === true,
    size: () => ({ columns: (stream as WriteStream).columns || 80, rows: (stream as WriteStream).rows || 24 }),
    write: (text) => {
      if (!gone) stream.write(text);
    },
    // A pipe is written asynchronously: leaving earlier would cut a large document off.
    flush: () => new Promise((resolve) => (gone ? resolve() : stream.write('', () => resolve()))),
  };
}
