import { readFileSync, writeSync } from 'node:fs';
import { serialize } from 'node:v8';
import { compileProject } from './compile-project.ts';
import type { CompileRequest } from './compile-request.ts';

// A separate process: constructs of the CDK cannot wait, and compiling is asynchronous. The request comes on stdin, the answer goes to file descriptor 3.
const request = JSON.parse(readFileSync(0, 'utf8')) as CompileRequest;
const answer = serialize(await compileProject(request));
for (let sent = 0; sent < answer.length; ) sent += writeSync(3, answer, sent);
process.exit(0);
