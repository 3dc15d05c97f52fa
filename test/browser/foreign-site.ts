import { createServer } from "node:http";

/** A site of somebody else, whose one page frames these addresses. */
export async function makeForeignSite(
  addresses: readonly string[],
): Promise<{ origin: string; close: () => Promise<void> }> {
  const frames = addresses.map((address) => `<iframe title="framed" src="${address}"></iframe>`).join("");
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><title>Another site</title><link rel="icon" href="data:,">${frames}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
