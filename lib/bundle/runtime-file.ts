/** Returns the file name of a module of the package, which lies beside a handler: `daybreak-sources.mjs` for `daybreak/sources`. */
export function runtimeFile(name: string): string {
  return `${name.replaceAll('/', '-')}.mjs`;
}
