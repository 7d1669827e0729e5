import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOfFolder } from './digest-of-folder.ts';

/** The folder of a Lambda layer, in the layout that Lambda unpacks to `/opt`. */
export interface Layer {
  readonly folder: string;
  /** SHA-256 of names and contents, hex. */
  readonly digest: string;
}

export interface LayerMaker {
  /** Part of the digest: a new number makes a new layer of the same files. */
  readonly recipe: number;
  /** Writes the layer's files. `scratch` is an empty folder that is removed afterwards. */
  readonly make: (layer: string, scratch: string) => Promise<void>;
}

/** Returns the layer that is kept at `place`; makes it there first if it is not. Processes that make it at the same time get the same one. */
export async function keptLayer(place: string, { recipe, make }: LayerMaker): Promise<Layer> {
  const kept = await known(place);
  if (kept) return kept;
  const cache = dirname(place);
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'making-'));
  try {
    const made = join(staging, 'made');
    const [layer, scratch] = [join(made, 'layer'), join(staging, 'scratch')];
    await mkdir(layer, { recursive: true });
    await mkdir(scratch);
    await make(layer, scratch);
    await writeFile(join(made, 'digest'), await digestOfFolder(layer, recipe));
    await readableByAll(made);
    await rename(made, place).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its layer is the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const layer = await known(place);
  if (!layer) throw new Error(`the layer was made, and is not at ${place}`);
  return layer;
}

const known = async (place: string): Promise<Layer | null> => {
  try {
    return { folder: join(place, 'layer'), digest: await readFile(join(place, 'digest'), 'utf8') };
  } catch {
    return null;
  }
};

/** Lambda reads a layer as another user. A strict umask would make new files readable only for their owner. */
const readableByAll = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
};
