import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playPage, shell, steady } from './docs-session.ts';
import { project } from './project.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

test('the README shows the real output of its commands', async () => {
  await playPage('README.md', await project({}));
});

test('npm start ends as the README describes', async () => {
  const root = await project({});
  for (const name of ['pipelines', 'lambdas', 'lib', 'node_modules', 'package.json']) {
    await symlink(join(repository, name), join(root, name));
  }
  const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const command = scripts.start.replace('node bin/launch.js', 'npx daybreak');
  expect(command).toBe('npx daybreak run customer_analytics');
  const printed = await shell(`${command} 2> progress.log`, root);
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const [, shown = ''] = /^```console npm-start\n(.*?)^```$/ms.exec(readme) ?? [];
  if (process.env.UPDATE_DOCS) {
    const block = (text: string) => `\`\`\`console npm-start\n${text}\`\`\``;
    await writeFile(
      join(repository, 'README.md'),
      readme.replace(block(shown), () => block(printed)),
    );
  } else {
    expect(printed).toContain('customer_analytics SUCCEEDED');
    expect(steady(printed)).toBe(steady(shown));
  }
});
