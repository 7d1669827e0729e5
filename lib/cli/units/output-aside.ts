/** Runs work whose own output goes to stderr: handlers print in this process, and stdout has the answer of the command alone. */
export async function outputAside<T>(work: () => Promise<T>): Promise<T> {
  const write = process.stdout.write;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}
