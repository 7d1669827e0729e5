import { synthesize } from '../lib/deploy/synthesize.ts';

if (!(await synthesize(process.cwd()))) process.exitCode = 1;
