/** A process that uploads a file repeatedly until it is killed: `node upload-process.ts <store> <file> <key> [<key> ...]`. */
import { openStore } from '../../../lib/ports/open-store.ts';

const [, , url = '', file = '', ...keys] = process.argv;
const store = await openStore(url);
process.stdout.write('going\n');
for (const key of keys) await store.upload(key, file);
process.stdout.write('done\n');
