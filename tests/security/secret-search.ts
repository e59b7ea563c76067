/** What came out somewhere, and where. */
export interface Told {
  where: string;
  text: string;
  /** Secrets that are meant to be shown here, this once. */
  shown?: readonly string[];
}

/** Texts in which a secret would still be read. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Within a longer text its base64 begins at one of three places; ends depend on what follows.
  const encoded = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset, 32), bytes]).toString('base64');
    return padded.slice(Math.ceil((offset * 4) / 3), -4);
  });
  const url = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...encoded,
    ...url,
  ];
}

/** Where a secret can be read although it should not be; none when all is well. */
export function leaksOf(
  secrets: Readonly<Record<string, string>>,
  told: readonly Told[],
): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = [...new Set(formsOf(secret))];
    return told
      .filter(({ shown }) => !shown?.includes(secret))
      .flatMap(({ where, text }) => {
        const form = forms.find((one) => text.toLowerCase().includes(one.toLowerCase()));
        if (form === undefined) return [];
        const at = text.toLowerCase().indexOf(form.toLowerCase());
        return [`${name} in ${where}: …${text.slice(Math.max(0, at - 80), at + 20)}…`];
      });
  });
}
