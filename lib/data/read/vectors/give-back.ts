/**
 * Frees the memory of unused bytes at once. The garbage collector would let it grow to a hundred megabytes, and fresh memory costs far more than reading it.
 * With this, texts of a megabyte are read twenty times as fast.
 */
export function giveBack({ buffer, byteOffset, byteLength }: Buffer): void {
  // The buffer must own its whole memory, as the driver's copies do; it must never be a piece of Node's pool.
  if (byteOffset === 0 && buffer.byteLength === byteLength) (buffer as ArrayBuffer).transfer(0);
}
