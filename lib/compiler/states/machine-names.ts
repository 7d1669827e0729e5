/** Names of the machine's own states. Step names have no spaces, so none can be like these. */
export const machineNames = {
  prepare: 'Prepare run',
  proceed: 'Start run?',
  refused: 'Run not started',
  turn: 'Wait for turn',
  finalize: 'Finalize run',
  again: 'Run again?',
  done: 'Run succeeded',
} as const;
