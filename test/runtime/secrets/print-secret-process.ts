/** A process that prints a secret in every way that it has, and dies of an error that holds it. */
import { guardOutput } from '../../../lib/runtime/secrets/guard-output.ts';
import { Redactor } from '../../../lib/runtime/secrets/redactor.ts';

const redactor = new Redactor();
guardOutput(redactor);
redactor.add('s3cret');

console.log('1 %s', 's3cret');
console.error('2', { password: 's3cret' });
process.stdout.write('3 s3cret\n');
process.stderr.write(new TextEncoder().encode('4 s3cret\n'));
console.warn(`5 ${Buffer.from('s3cret!').toString('base64').slice(0, 8)}`);
console.info('6 a plain', { value: 1 });
setImmediate(() => {
  // Node shows this line, so the secret must not stand in it.
  throw new Error(`7 ${['s3', 'cret'].join('')}`);
});
