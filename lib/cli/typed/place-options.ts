/** The option of commands that read a store. */
export const storeOption = ['--store <dir>', 'folder of the store (default: .daybreak/store below the root)'] as const;

/** The option that names a deployed pipeline. */
export const stackOption = ['--stack <name>', 'CloudFormation stack of the deployed pipeline'] as const;

/** Options of commands that show runs, here or deployed. */
export const placeOptions = [storeOption, stackOption] as const;
