import { spawn } from 'node:child_process';
import type { Io } from './io.ts';

/** Files that a desktop only shows. It could run others. */
const shown = /\.(html?|pdf|png|jpe?g|gif|svg|csv|json|txt|md)$/i;

/** Programs that open a file as a double click does, by platform. */
const openers: Readonly<Record<string, string>> = { darwin: 'open', linux: 'xdg-open', win32: 'explorer.exe' };

/** Opens a file on the desktop of the person at the terminal. Returns false if there is no desktop, or if the desktop could run the file. */
export async function openOnDesktop(path: string, { stdout, env }: Pick<Io, 'stdout' | 'env'>): Promise<boolean> {
  const opener = openers[process.platform];
  const hasDesktop = process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (!stdout.isTTY || !hasDesktop || opener === undefined || !shown.test(path)) return false;
  const child = spawn(opener, [path], { stdio: 'ignore', detached: true });
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  child.unref();
  return started;
}
