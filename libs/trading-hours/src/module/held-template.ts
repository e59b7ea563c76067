import { createCalendar, type Halt, type TradingHoursCalendar } from '../core/session-calendar';
import type { TradingHoursTemplate } from '../core/template';
import type { TemplateRow } from './entities';
import type { StoredTemplate } from './template-store';

/** A template in memory; its calendar is made when somebody asks for it. */
export class HeldTemplate implements StoredTemplate {
  readonly row: TemplateRow;
  readonly body: TradingHoursTemplate;
  readonly warnings: string[];
  private readonly haltsOf: () => readonly Halt[];
  private compiled: TradingHoursCalendar | undefined;

  constructor(
    { row, body }: StoredTemplate,
    { warnings, haltsOf }: { warnings: string[]; haltsOf(): readonly Halt[] },
  ) {
    this.row = row;
    this.body = body;
    this.warnings = warnings;
    this.haltsOf = haltsOf;
  }

  get calendar(): TradingHoursCalendar {
    return (this.compiled ??= createCalendar(this.body, { halts: this.haltsOf() }));
  }

  /** Whether it is of a segment of an exchange. */
  isOf(exchange: string, segment: string): boolean {
    return this.row.exchange === exchange && this.row.segment === segment;
  }

  /** Halts of its segment have changed. */
  renew(): void {
    this.compiled = undefined;
  }
}
