import type { Files, NewProject } from './new-project.ts';

const app = `import { DaybreakApp } from 'daybreak/cdk';

// Each template in pipelines/ becomes a stack; daybreak.config.ts has the settings.
new DaybreakApp();
`;

const config = (prefix: string): string => `import { defineConfig } from 'daybreak/config';

export default defineConfig({
  // Begins the names of stacks, machines and alarms. Choose it before the first deployment: another prefix makes other stacks.
  prefix: '${prefix}',
});
`;

/** Letters and digits, a letter first, at most 30: what a prefix may be. */
const prefixOf = (name: string): string =>
  name
    .replace(/[^a-z0-9]/g, '')
    .replace(/^[0-9]+/, '')
    .slice(0, 30) || 'daybreak';

/** Returns the CDK app of a new project. */
export function appFiles({ name, commonJs }: NewProject): Files {
  // Node takes a `.mts` file for an ES module in any project, so it runs the app without a compiler.
  const ending = commonJs ? 'mts' : 'ts';
  return {
    [`bin/app.${ending}`]: app,
    [`daybreak.config.${ending}`]: config(prefixOf(name)),
    'cdk.json': `${JSON.stringify({ app: `node bin/app.${ending}` }, null, 2)}\n`,
  };
}
