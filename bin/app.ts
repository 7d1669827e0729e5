import { synthesize } from '../lib/stack/synthesize.ts';

if (!(await synthesize(process.cwd()))) process.exitCode = 1;
