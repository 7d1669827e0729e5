import type { WriteStream } from 'node:tty';
import type { InterruptCode, Io, Output } from './io.ts';

/**
 * The process's streams. Neither lost progress nor a reader that closes the pipe (`| head`) ends the process.
 */
export interface ProcessIo extends Io {
  /** Waits until everything is written. Returns the fault that kept the answer from being written, or null. */
  flush(): Promise<Error | null>;
}

export function processIo(): ProcessIo {
  const stdout = output(process.stdout);
  const stderr = output(process.stderr);
  // However the process ends, show the cursor again that an interrupted live display has hidden.
  if (stderr.isTTY) process.on('exit', () => process.stderr.write(showCursor));
  return {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    onInterrupt(listener) {
      const release = (): void => {
        for (const { signal, listen } of listeners) process.off(signal, listen);
      };
      const hear = (code: InterruptCode): void => {
        release();
        listener(code);
      };
      const listeners = interrupts.map(([signal, code]) => ({ signal, listen: () => hear(code) }));
      for (const { signal, listen } of listeners) process.on(signal, listen);
      return release;
    },
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

/** The reader closed the pipe, or the terminal is gone: stop writing. */
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
    // Writes to a pipe are asynchronous: an earlier exit would cut a large document off.
    flush: async () => {
      if (!lost) await new Promise((resolve) => stream.write('', resolve));
      return unwanted.includes(lost?.code) ? null : lost;
    },
  };
}
