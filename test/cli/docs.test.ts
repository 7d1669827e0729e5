import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../../lib/cli/commands.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

test('the page of the command line has every command and every option', async () => {
  const text = await readFile(join(repository, 'docs/cli.md'), 'utf8');
  for (const { name, options } of commands) {
    expect(text).toMatch(new RegExp(`\`${name}[ \`]`));
    for (const [flags] of options) expect(text).toContain(flags.split(' ')[0]);
  }
});
