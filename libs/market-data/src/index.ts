export { copySlot } from './copy-slot-store';
export { decodeFrame, readFrameHeader, type FrameFault } from './frame-decoder';
export { encodeFrame, type FrameHead, type FrameRows } from './frame-encoder';
export {
  frameBytes,
  frameColumns,
  frameFlag,
  frameHeaderBytes,
  frameKind,
  frameLayoutVersion,
  frameMagic,
  frameRowsMax,
  frameView,
  forwardSourceNames,
  headerOffset,
  noFigures,
  type FrameFigures,
  type FrameHeader,
} from './frame-format';
export {
  bookAt,
  bookInts,
  depthLevels,
  field,
  levelInts,
} from './quote-fields';
export { noVolume, type QuoteSink } from './quote-sink';
export {
  noGroup,
  QuoteStore,
  tickDepthMax,
  type QuoteStoreOptions,
  type Tick,
} from './quote-store';
export {
  defaultOwnershipRules,
  QuoteSession,
  type OwnershipRules,
  type SessionCounters,
} from './session-store';
export { writeSnapshot, type SnapshotFigures } from './snapshot-writer-store';
export { SlotIndex } from './slot-index-store';
export { tagOf } from './tag';
