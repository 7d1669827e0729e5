/** A query whose plan needs more than this is no query that anybody meant. Of the process that plans it. */
export const mostMemoryMb = 1024;
