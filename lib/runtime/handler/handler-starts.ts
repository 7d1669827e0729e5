import { channel } from 'node:diagnostics_channel';

/** Publishes right before a step handler is called, synchronously. A host with a debugger waits there; without subscribers it costs nothing. */
export const handlerStarts = channel('daybreak.handler');
