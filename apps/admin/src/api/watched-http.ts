import type { HttpSend } from '@strikewire/client';

/** The same port; `signedOut` is told of every answer that nobody is signed in. */
export function watchedHttp(http: HttpSend, signedOut: () => void): HttpSend {
  return {
    async send(request) {
      const answer = await http.send(request);
      if (answer.status === 401) signedOut();
      return answer;
    },
  };
}
