/** The hidden first argument with which a shell asks for completions. */
export const completeWord = '__complete';
