import { open, url, waitForDebugger } from 'node:inspector';

/**
 * Opens a port for a debugger on this machine alone, reports its address, and blocks the process until a debugger has connected. Then it stops: the handler begins after the next step into or out
 * of this function.
 */
export function awaitDebugger(report: (address: string) => void): void {
  if (url() === undefined) open(0, '127.0.0.1');
  report(url() ?? '');
  waitForDebugger();
  // biome-ignore lint/suspicious/noDebugger: a debugger that has just connected has no breakpoint yet
  debugger;
}
