/** The options of every command: notation and help. */
export const commonOptions: readonly (readonly [flags: string, help: string])[] = [
  ['--json', 'print one JSON document on stdout, diagnostics included'],
  ['--root <dir>', 'folder that has pipelines/ and lambdas/steps/ (default: the current folder)'],
  ['--env <name>', "the template's environment whose overrides apply"],
  ['--strict', 'treat warnings as errors'],
  ['--allow-missing-handlers', 'make HANDLER_NOT_FOUND a warning'],
  ['--no-color', 'no colours; so does the variable NO_COLOR'],
  ['--debug', 'show the stack of an error that is a bug'],
];
