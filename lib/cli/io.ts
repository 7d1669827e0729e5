/** A text stream to a person or a program. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width and height of the terminal in characters. Read it each time, since people resize windows. */
  size(): { readonly columns: number; readonly rows: number };
}

/** Shell exit codes for SIGHUP, SIGINT and SIGTERM: 128 plus the signal's number. */
export type InterruptCode = 129 | 130 | 143;

export type ExitCode = 0 | 1 | 2 | InterruptCode;

/** Everything that the command line needs of its process. Tests supply their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /**
   * Calls the listener at the next interrupt (Ctrl+C, SIGTERM) with its exit code, unless the returned function is called before. Without a listener an
   * interrupt ends the process, even while it computes. So a second interrupt always does.
   */
  onInterrupt(listener: (exitCode: InterruptCode) => void): () => void;
}
