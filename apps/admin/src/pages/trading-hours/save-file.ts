import { StrikewireError } from '@strikewire/runtime';
import { exportTemplate, type TradingHoursInput } from '@strikewire/trading-hours';

/** Hands a template to the person as a file, named after it. */
export function saveTemplate(template: TradingHoursInput): void {
  saveFile(fileNameOf(template.name), exportTemplate(template));
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** A template's name as one of a file: `NSE F&O` is `nse-f-o.json`. */
function fileNameOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${plain || 'trading-hours'}.json`;
}

/** What is in a file that somebody chose; kind `invalid` when it cannot be read. */
export async function textOf(file: File): Promise<string> {
  return file.text().catch((cause: unknown) => {
    const message = 'the file could not be read';
    throw new StrikewireError({ kind: 'invalid', code: 'file_unreadable', message, cause });
  });
}
