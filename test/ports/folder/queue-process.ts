/**
 * A process that sends to a folder queue and receives from it until it is killed: `node queue-process.ts <folder> <name>`. Prints the messages that were
 * certainly sent.
 */
import { FolderDeadLetterQueue } from '../../../lib/ports/folder/folder-dead-letter-queue.ts';
import { SystemClock } from '../../../lib/ports/system-clock.ts';

const [, , folder = '', name = ''] = process.argv;
const queue = new FolderDeadLetterQueue(folder, new SystemClock());
for (let index = 0; ; index += 1) {
  const body = `${name}-${index}:${'x'.repeat(2000)}`;
  await queue.send(body);
  process.stdout.write(`${name}-${index}\n`);
  // Receives messages and never deletes them: they have to come back.
  if (index % 3 === 0) await queue.receive(2, 60);
}
