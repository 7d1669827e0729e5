/** `node test/lint/lint-functions.ts`: checks that exported functions are declarations. Exits with 1 if one is not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exportedArrows } from './exported-arrows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const listed = execFileSync('git', ['ls-files', '*.ts'], { cwd: root, encoding: 'utf8' });
const found = listed
  .split('\n')
  .filter((file) => file !== '')
  .flatMap((file) => exportedArrows(file, readFileSync(`${root}/${file}`, 'utf8')).map((one) => ({ file, ...one })));
for (const { file, line, name } of found) console.error(`${file}:${line} write \`export function ${name}\``);
process.exitCode = found.length > 0 ? 1 : 0;
