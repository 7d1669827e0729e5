export { RunRefusedError } from '../operate/run-refused-error.ts';
