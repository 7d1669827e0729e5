/** Damage in a packed file. The caller that knows the file's name catches it. */
export class PackedFileDamage extends Error {
  override readonly name = 'PackedFileDamage';
}
