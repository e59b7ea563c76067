/** As the broker documents them. */
export const limits = {
  rest: [{ class: 'data', limit: 10, windowMs: 1_050 }],
  feed: {
    socketsMax: 2,
    socketsPlanned: 1,
    instrumentsPerSocketMax: 500,
    instrumentsPerMessageMax: 10,
    lingerMs: 5_000,
    throttledWaitMs: 60_000,
    silentMs: 25_000,
  },
};
