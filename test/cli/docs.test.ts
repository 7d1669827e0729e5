import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../../lib/cli/commands.ts';
import { playPage } from './docs-session.ts';
import { project } from './project.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

test.each(['docs/cli.md', 'docs/data.md', 'docs/simulate.md'])(
  '%s shows what its commands really print',
  async (page) => {
    await playPage(page, await project({}));
  },
);

test('the page of the command line has every command and every option', async () => {
  const text = await readFile(join(repository, 'docs/cli.md'), 'utf8');
  for (const { name, options } of commands) {
    expect(text).toContain(`\`${name} `);
    for (const [flags] of options) expect(text).toContain(flags.split(' ')[0]);
  }
});
