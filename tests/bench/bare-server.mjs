// @ts-check
// The least a Node server can do: the same bytes to whoever asks. Baseline of the snapshot bench.
import { createServer } from 'node:http';

process.once('message', (/** @type {string} */ text) => {
  const body = Buffer.from(text);
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
  });
});
process.once('disconnect', () => process.exit(0));
