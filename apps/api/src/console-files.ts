import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Serves the built console; false when there is none in the folder. */
export async function serveConsole(server: FastifyInstance, root: string): Promise<boolean> {
  if (!existsSync(join(root, 'index.html'))) return false;
  const hashed = join(root, 'assets');
  await server.register(fastifyStatic, {
    root,
    wildcard: true,
    cacheControl: false,
    // Whatever a tool leaves there is nobody's to read.
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      // Built files carry a hash in their name; pages must be asked for anew.
      const isHashed = path.startsWith(hashed);
      const value = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      reply.header('cache-control', value);
    },
  });
  return true;
}

/** Any other address that a browser opens is one of the console's pages; true when it was sent. */
export function sendPage(request: FastifyRequest, reply: FastifyReply): boolean {
  const isPage = request.method === 'GET' && request.headers.accept?.includes('text/html');
  if (!isPage || /^\/(api|assets|ws|health)(\/|$)/.test(request.url)) return false;
  void reply.code(200).sendFile('index.html');
  return true;
}
