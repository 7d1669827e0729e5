import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The number of bytes in each direction after which a connection is cut. */
export interface Cut {
  /** From client to server. */
  readonly up: number;
  readonly down: number;
}

/** A proxy to a PostgreSQL server on loopback. It cuts both ends at once after so many bytes. */
export async function cuttingProxy(port: number, { up, down }: Cut) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    const forward = (from: Socket, to: Socket, most: number): void => {
      let left = most;
      from.on('data', (bytes) => {
        const part = bytes.subarray(0, left);
        left -= part.length;
        if (left > 0) {
          if (!to.write(part)) {
            from.pause();
            to.once('drain', () => from.resume());
          }
        } else to.write(part, cut);
      });
      from.on('error', cut).on('close', cut);
    };
    sockets.add(near).add(far);
    forward(near, far, up);
    forward(far, near, down);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
