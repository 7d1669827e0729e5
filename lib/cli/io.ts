/** A stream of text for people or programs, as the command line sees it. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width and height of the terminal in characters; asked each time, since people resize windows. */
  size(): { readonly columns: number; readonly rows: number };
}

/** What shells give for SIGHUP, SIGINT and SIGTERM: 128 and the number of the signal. */
export type InterruptCode = 129 | 130 | 143;

export type ExitCode = 0 | 1 | 2 | InterruptCode;

/** Everything that the command line needs of the process that it runs in, so that tests can be one. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls back at each interrupt (Ctrl+C, SIGTERM), with the exit code for it, until the returned function is called. Without a listener an interrupt ends the process. */
  onInterrupt(listener: (exitCode: InterruptCode) => void): () => void;
  /** Ends the process at once. */
  kill(exitCode: number): void;
}
