import { createHash } from 'node:crypto';
import { extname, resolve } from 'node:path';
import type { Loader } from 'esbuild';
import { transform } from './esbuild.ts';
import { isInstalled, type SourceReader } from './source-reader.ts';

/** Sources whose comments and layout do not count. All other files (a packaged library, an SQL text) count byte by byte. */
const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.json': 'json',
};

/** SHA-256 in hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Returns the digest of one module; `path` is relative to the project's root. */
export async function moduleDigest(sources: SourceReader, root: string, path: string): Promise<string> {
  const source = await sources.read(resolve(root, path));
  const loader = isInstalled(path) ? undefined : loaders[extname(path)];
  if (!loader) return sha256(source);
  const { code } = await transform(source, {
    loader,
    target: 'node24',
    tsconfigRaw: {},
    legalComments: 'none',
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return sha256(code);
}
