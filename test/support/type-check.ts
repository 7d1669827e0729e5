import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The compiler's messages, `file(line,column): error ...`, for a project with these files and Daybreak's own sources as its package. */
export async function typeErrors(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-types-'));
  try {
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/daybreak'));
    await symlink(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    for (const [path, text] of Object.entries({ 'tsconfig.json': JSON.stringify(settings), ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await messages(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const settings = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable', 'esnext.iterator'],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    // Daybreak's own sources need it.
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    customConditions: ['daybreak-source'],
    types: ['node'],
  },
  include: ['*.ts', 'lambdas'],
};

function messages(folder: string): Promise<string[]> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '-p', folder], { cwd: folder }, (_, stdout) =>
      resolve(stdout.split('\n').filter((line) => line.trim() !== '')),
    );
  });
}
