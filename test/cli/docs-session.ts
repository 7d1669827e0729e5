import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));

const runId = /\d{4}-\d\d-\d\d-\d{6}-[0-9a-f]{6}/g;

/** The parts that differ from run to run: times, ids, and the width of their columns. */
export function steady(text: string): string {
  return text
    .replace(runId, '<run>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
    .replace(/\b\d\d:\d\d:\d\d\.\d{3}\b/g, '<time>')
    .replace(/(\d+-\d+-)[0-9a-f-]{36,}/g, '$1<invocation>')
    .replace(/\d+ m \d\d s|\d+(\.\d+)? m?s\b/g, '<duration>')
    .replace(/file:\/\/\S*\/\.daybreak/g, '<root>/.daybreak')
    .replace(/ +/g, ' ');
}

const runIds = (text: string): string[] => text.match(runId) ?? [];

/** Runs shell lines with `npx daybreak` as this repository's command line, and returns their output. */
export async function shell(command: string, root: string): Promise<string> {
  const shims = join(root, '.shims');
  await mkdir(shims, { recursive: true });
  await writeFile(
    join(shims, 'npx'),
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${repository}bin/launch.js" "$@"\n`,
  );
  await chmod(join(shims, 'npx'), 0o755);
  const env = { ...process.env, PATH: `${shims}${delimiter}${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile('sh', ['-c', `{ ${command}\n} 2>&1`], { cwd: root, env }, (_error, stdout) => resolve(stdout));
  });
}

/** Runs a session of `$` lines. Ids of the page stand for those of the real runs. */
async function play(session: string, root: string, ids: Map<string, string>): Promise<string> {
  const parts = session.split(/^(?=\$ )/m);
  const played: string[] = [];
  for (const part of parts) {
    const [line = '', ...expected] = part.split('\n');
    const command = line.slice(2).replace(runId, (id) => ids.get(id) ?? id);
    const output = await shell(command, root);
    const real = runIds(output);
    runIds(expected.join('\n')).forEach((id, index) => {
      if (real[index]) ids.set(id, real[index]);
    });
    played.push(`$ ${command}\n${output}`);
  }
  return played.join('');
}

/** Writes the files of a page, runs its sessions in order, and compares their output. With UPDATE_DOCS set it writes the real output into the page. */
export async function playPage(page: string, root: string): Promise<void> {
  const ids = new Map<string, string>();
  let text = await readFile(join(repository, page), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)];
  let sessions = 0;
  for (const [whole, language, path, content = ''] of blocks) {
    if (language === 'console' && path === undefined) {
      sessions += 1;
      const played = await play(content, root, ids);
      if (process.env.UPDATE_DOCS) text = text.replace(whole, () => `\`\`\`console\n${played}\`\`\``);
      else expect(steady(played)).toBe(steady(content));
    } else if (path !== undefined && language !== 'console') {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }
  expect(sessions).toBeGreaterThan(0);
  if (process.env.UPDATE_DOCS) await writeFile(join(repository, page), text);
}
