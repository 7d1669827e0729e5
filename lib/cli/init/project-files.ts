import { appFiles } from './app-files.ts';
import type { Files, NewProject } from './new-project.ts';
import { newPackageJson } from './package-json.ts';
import { pipelineFiles } from './pipeline-files.ts';
import { readme } from './readme.ts';

/** Returns the files of a new project. */
export function projectFiles(project: NewProject): Files {
  return {
    'package.json': json(newPackageJson(project)),
    'README.md': readme(project),
    ...pipelineFiles(),
    ...appFiles(project),
    'tsconfig.json': json(tsconfig(project)),
    '.gitignore': 'node_modules/\n.daybreak/\ncdk.out/\n',
    '.github/workflows/ci.yml': workflow,
  };
}

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Node runs the files as they are: it strips types, and takes no enums or namespaces. */
const tsconfig = ({ commonJs }: NewProject) => ({
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    ...(!commonJs && { verbatimModuleSyntax: true }),
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['bin', 'lambdas', 'test', `daybreak.config.${commonJs ? 'mts' : 'ts'}`],
});

const workflow = `name: CI

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
          cache: npm
      - run: npm ci
      - run: npm run check
      - run: npm test
      # Checks the deployment; needs no AWS account.
      - run: npx cdk synth -q
`;
