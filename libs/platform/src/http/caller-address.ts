import type { FastifyRequest } from 'fastify';
import { isIP } from 'node:net';

/**
 * The address that a request comes from: what a trusted proxy says, when it is an address, else
 * that of the connection.
 */
export function callerAddress({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  if (isIP(ip) !== 0) return ip;
  return socket.remoteAddress ?? 'unknown';
}
