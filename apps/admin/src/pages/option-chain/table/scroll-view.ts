export interface ScrollView {
  /** Indices of the first and last row on screen, a few more on either side. */
  visible(): readonly [number, number];
  /** Brings a row, and the strike column, to the middle. */
  centre(index: number): void;
  /** Brings the strike column to the middle. */
  centreAcross(): void;
  /** Scrolls sideways, to the calls (−1) or the puts (1), by what is in sight of one side. */
  across(step: number): void;
  stop(): void;
}

export interface ScrollEvents {
  /** Other rows may be on screen. */
  scrolled(): void;
  /** `widthPx`: what columns may take together; told before the first paint as well. */
  resized(widthPx: number): void;
}

const spareRows = 4;

/** Knows which rows are on screen without asking for a layout in every frame. */
export function createScrollView(
  scroller: HTMLElement,
  body: HTMLTableSectionElement,
  { scrolled, resized }: ScrollEvents,
): ScrollView {
  let top = 0;
  let height = 0;
  let rowHeight = 0;
  const measure = (): void => {
    height = scroller.clientHeight;
    rowHeight = body.rows[0]?.offsetHeight ?? 0;
    top = scroller.scrollTop;
  };
  const onScroll = (): void => {
    top = scroller.scrollTop;
    scrolled();
  };
  const observer = new ResizeObserver(() => {
    resized(scroller.clientWidth);
    measure();
    scrolled();
  });
  const centreAcross = (): void => {
    scroller.scrollLeft = (scroller.scrollWidth - scroller.clientWidth) / 2;
  };
  resized(scroller.clientWidth);
  observer.observe(scroller);
  scroller.addEventListener('scroll', onScroll, { passive: true });
  return {
    visible() {
      if (rowHeight === 0) return [0, body.rows.length - 1];
      const first = Math.floor(top / rowHeight) - spareRows;
      return [first, first + Math.ceil(height / rowHeight) + 2 * spareRows];
    },
    centre(index) {
      measure();
      const head = body.offsetTop;
      scroller.scrollTop = (index + 0.5) * rowHeight - (height - head) / 2;
      centreAcross();
      top = scroller.scrollTop;
    },
    centreAcross,
    across(step) {
      scroller.scrollBy({ left: (step * scroller.clientWidth) / 3 });
    },
    stop() {
      observer.disconnect();
      scroller.removeEventListener('scroll', onScroll);
    },
  };
}
