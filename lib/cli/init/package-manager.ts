interface PackageManager {
  readonly install: string;
  /** Begins a command that runs a program of the project. */
  readonly exec: string;
  readonly start: string;
  readonly test: string;
}

/** Returns the commands of the package manager that started this process, by the variable `npm_config_user_agent` that all of them set. */
export function packageManager(userAgent: string | undefined): PackageManager {
  const name = /^(pnpm|yarn)\//.exec(userAgent ?? '')?.[1] ?? 'npm';
  const exec = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn' }[name] ?? 'npx';
  return { install: `${name} install`, exec, start: `${name} start`, test: `${name} test` };
}
