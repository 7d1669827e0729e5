import type { NewProject } from './new-project.ts';

const rows = (lines: readonly (readonly [name: string, meaning: string])[]): string =>
  lines.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`).join('\n');

const commands = rows([
  ['npm install', 'once, and after each change of package.json'],
  ['npm start', 'runs the pipeline `sales` on this machine'],
  ['npm test', 'runs the tests'],
  ['npm run check', 'checks templates, queries and types'],
  ['npm run deploy', 'deploys to the AWS account of your credentials'],
]);

const files = (config: string) =>
  rows([
    ['pipelines/sales.yaml', 'the pipeline: its steps, their dependencies, its schedule'],
    ['lambdas/steps/sales/extract-orders.ts', 'the step `extract_orders`: a handler in TypeScript'],
    [
      'pipelines/sales/revenue_by_country.sql',
      'the step `revenue_by_country`: a query over the rows of `extract_orders`',
    ],
    ['lambdas/daybreak.d.ts', 'the types of each step, which Daybreak derives from the template'],
    ['test/sales.test.ts', 'the tests: one of the handler, one of the query'],
    [config, 'the settings of the deployment; the CDK app is in `bin/`'],
    ['.daybreak/', 'runs on this machine, with their data and logs; you may delete it'],
  ]);

/** Returns README.md of a new project. It is for people who have never seen Daybreak. */
export function readme({ name, commonJs }: NewProject): string {
  return `# ${name}

A data pipeline that runs each night on AWS, and at any time on this machine. Daybreak compiles it to one Step Functions state machine. It runs the same
machine here, without AWS and without Docker.

| command | what it does |
| --- | --- |
${commands}

## What is here

| file | what it is |
| --- | --- |
${files(`daybreak.config.${commonJs ? 'mts' : 'ts'}`)}

## What to do next

1. Let the handler throw an error, and run \`npm start\` again. Read what Daybreak says. Then mend the handler, and type the command after "Resume with".
2. Add a step: a file in \`lambdas/steps/sales/\`, and four lines in \`pipelines/sales.yaml\`. \`npx daybreak check\` finds your mistakes.
3. Read from your source in \`extract-orders.ts\`. \`daybreak/sources\` has PostgreSQL, HTTP APIs and files.

4. Deploy: \`npx cdk bootstrap\` once per account and region, then \`npm run deploy\`. The pipeline then runs each night.

\`npx daybreak --help\` lists all commands.
`;
}
