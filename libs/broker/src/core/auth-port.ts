/** Credentials that replace those of before, and until when they are good. */
export interface TokenGrant {
  /** Fields of the plugin's credentials that are others now. */
  credentials: Readonly<Record<string, string>>;
  /** Epoch ms; null when the broker does not say. */
  expiresMs: number | null;
}

/** Signing in at the broker's own page, and coming back with what it hands out. */
export interface SignInFlow {
  /** The broker's page; `state` comes back unchanged, and tells whose answer it is. */
  url(redirectUri: string, state: string): string;
  /** Exchanges what the broker has put into the address that it sent the person back to. */
  complete(redirectUri: string, answer: URLSearchParams): Promise<TokenGrant>;
}

/**
 * How an account stays signed in. The host keeps what is granted, sealed, and decides when to ask:
 * some time before the end, and once when the broker has refused the token.
 */
export interface AuthPort {
  /** When the token in use ends, epoch ms, as far as it tells by itself; null: not known. */
  expiresMs(): number | null;
  /** A new token without a person. Kind `unauthenticated` when only a person can get one. */
  renew?(): Promise<TokenGrant>;
  signIn?: SignInFlow;
}
