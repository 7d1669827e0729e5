import { Console } from 'node:console';
import { crash, main } from '../lib/cli/main.ts';
import { processIo } from '../lib/cli/process-io.ts';

const argv = process.argv.slice(2);
const io = processIo();
// Stdout holds the answer alone; output of loaded modules goes to stderr.
globalThis.console = new Console(process.stderr, process.stderr);
process.on('uncaughtException', (error) => process.exit(crash(argv, io, error)));

const exitCode = await main(argv, io);
const lost = await io.flush();
process.exit(lost ? crash(argv, io, lost) : exitCode);
