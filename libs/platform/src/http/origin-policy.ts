/** Under which names this server is asked, and whose pages may ask it. */
export interface OriginPolicy {
  /** The console is reached by https. */
  readonly isHttps: boolean;
  /** Whether a Host header names this server. */
  isOwnHost(host: string | undefined): boolean;
  /** Whether a page's origin is this server itself. */
  isOwnOrigin(origin: string, host: string | undefined): boolean;
  /** Whether a page of elsewhere may ask, with an API key. */
  isAllowedOrigin(origin: string): boolean;
}

/** Where the server is reached. */
export interface OriginSettings {
  /** Address of the console as people type it; without one only this machine asks. */
  publicUrl?: string | undefined;
  /** Origins of frontends elsewhere, for example `https://charts.example.com`. */
  allowedOrigins: readonly string[];
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A foreign page can have its own name resolve to this machine (DNS rebinding): its requests then
 * come under that name, which is none of ours.
 */
export function createOriginPolicy({ publicUrl, allowedOrigins }: OriginSettings): OriginPolicy {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl);
  const allowed = new Set(allowedOrigins);
  return {
    isHttps: own?.protocol === 'https:',
    isOwnHost(host) {
      if (own && host === own.host) return true;
      const address = `http://${host ?? ''}`;
      return URL.canParse(address) && loopbackNames.has(new URL(address).hostname);
    },
    isOwnOrigin(origin, host) {
      if (own && origin === own.origin) return true;
      return URL.canParse(origin) && new URL(origin).host === host;
    },
    isAllowedOrigin: (origin) => allowed.has(origin),
  };
}
