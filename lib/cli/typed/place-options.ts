/** The option of commands that read a store. */
export const storeOption = ['--store <dir>', 'folder of the store (default: .daybreak/store below the root)'] as const;

/** The options that lead to a deployed pipeline. */
export const stackOptions = [
  ['--deployed', 'the deployed pipeline of this project: daybreak.config.ts and --env name its stack'],
  ['--stack <name>', 'CloudFormation stack of the deployed pipeline'],
  ['--region <region>', 'AWS region of the stack (default: of daybreak.config.ts with --deployed, or AWS_REGION)'],
] as const;

/** Options of commands that show runs, here or deployed. */
export const placeOptions = [storeOption, ...stackOptions] as const;
