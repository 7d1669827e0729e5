/** The facts from which `daybreak init` makes files. */
export interface NewProject {
  /** The name for package.json and README.md. */
  readonly name: string;
  /** True if the folder's modules are CommonJS: `.ts` files are then no ES modules. */
  readonly commonJs: boolean;
  /** The dependency on Daybreak, as package.json states it: `^0.1.0`, `file:vendor/daybreak-0.1.0.tgz`. */
  readonly daybreak: string;
  /** True if this command's Node comes from an npm package, so the machine's own may be too old: then the project has such a package too. */
  readonly bringsNode: boolean;
}

/** Files by their path in the project. */
export type Files = Readonly<Record<string, string>>;
