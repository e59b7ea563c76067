import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XmlTokens, type XmlLimits } from './xml-tokens';

const limits: XmlLimits = { depthMax: 8, tokenMax: 200, namesMax: 8 };

/** What a document is told as, in pieces of so many characters. */
function told(document: string, size = document.length || 1, bounds = limits): string[] {
  const events: string[] = [];
  const tokens = new XmlTokens(
    {
      open: (name) => events.push(`<${name}>`),
      close: (name, text) => events.push(`${text}</${name}>`),
    },
    bounds,
  );
  for (let at = 0; at < document.length; at += size) tokens.push(document.slice(at, at + size));
  tokens.end();
  return events;
}

const document = `\uFEFF<?xml version="1.0"?>
<!-- a > b, <c> -->
<a x="1 > 0" y='"'><b>1 &lt; 2 &amp; &#65;&#x42;</b><c/>
  <b>one<!-- not this -->two</b>
</a >
`;
const events = [
  '<a>', '<b>', '1 < 2 & AB</b>', '<c>', '</c>', '<b>', 'onetwo</b>',
];

describe('XmlTokens', () => {
  it('tells elements and their text', () => {
    const all = told(document);
    expect(all.slice(0, -1)).toEqual(events);
    expect(all.at(-1)?.trim()).toBe('</a>');
  });

  it('tells the same however the document is cut', () => {
    const whole = told(document);
    for (let size = 1; size < document.length; size++) {
      expect(told(document, size)).toEqual(whole);
    }
  });

  it.each([
    ['<a><b></a></b>', /found <\/a>, needs <\/b>/],
    ['<a>', /an end inside a/],
    ['', /an end inside the document/],
    ['<a></a><b></b>', /a second root b/],
    ['<a></a></a>', /needs <\/>/],
    ['words', /an end inside the document/],
    ['words <a></a>', /text outside/],
    ['<a><1></1></a>', /needs a name/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a></a>', /<!DOCTYPE/],
    ['<a><![CDATA[b]]></a>', /<!\[CDATA\[/],
    ['<a>&b;</a>', /entity &b;/],
    ['<a>& b</a>', /entity &,/],
    ['<a>&#0;</a>', /entity &#0;/],
    ['<a>&#x110000;</a>', /entity &#x110000;/],
    ['<a x="></a>', /an end inside/],
    [`${'<a>'.repeat(9)}${'</a>'.repeat(9)}`, /a inside 8 others/],
    [`<a>${'b'.repeat(201)}</a>`, /over 200 characters/],
    [`<a ${'b'.repeat(201)}`, /over 200 characters/],
    [`<a>${[..."bcdefghi"].map((name) => `<${name}/>`).join('')}</a>`, /over 8 names/],
  ])('refuses %s', (text, message) => {
    expect(() => told(text, 3)).toThrow(message);
    expect(() => told(text, 3)).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'risk_file_malformed' }),
    );
  });

  it('ends with an answer or a refusal for any text', () => {
    const piece = fc.constantFrom('<', '>', '/', '!', '--', 'a', '<a>', '</a>', '"', '&', '?', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(8), (all, most) => {
        const size = most + 1;
        const outcome = (): unknown => {
          try {
            return told(all.join(''), size);
          } catch (error) {
            return (error as { code?: string }).code;
          }
        };
        const found = outcome();
        expect(Array.isArray(found) || found === 'risk_file_malformed').toBe(true);
      }),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});
