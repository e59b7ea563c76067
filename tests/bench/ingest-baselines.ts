const packetBytes = 162;
let sum = 0;

/** Baseline (a): reads every field of every packet and does nothing with them but add. */
export function readOnly(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  for (let at = 0; at < frame.byteLength; at += packetBytes) {
    let total = view.getUint8(at) + view.getUint16(at + 1, true) + view.getUint8(at + 3);
    total += view.getUint32(at + 4, true) + view.getFloat32(at + 8, true);
    total += view.getUint16(at + 12, true) + view.getUint32(at + 14, true);
    total += view.getFloat32(at + 18, true) + view.getUint32(at + 22, true);
    total += view.getUint32(at + 26, true) + view.getUint32(at + 30, true);
    total += view.getUint32(at + 34, true) + view.getUint32(at + 38, true);
    total += view.getUint32(at + 42, true) + view.getFloat32(at + 46, true);
    total += view.getFloat32(at + 50, true) + view.getFloat32(at + 54, true);
    total += view.getFloat32(at + 58, true);
    for (let level = at + 62; level < at + 162; level += 20) {
      total += view.getUint32(level, true) + view.getUint32(level + 4, true);
      total += view.getUint16(level + 8, true) + view.getUint16(level + 10, true);
      total += view.getFloat32(level + 12, true) + view.getFloat32(level + 16, true);
    }
    sum += total;
  }
  return sum;
}

/** Numbers per slot in what `readAndStore` fills. */
export const recordNumbers = 46;

/**
 * For scale: reads every field and stores it raw in the slot's record, without converting a
 * price, looking up an instrument or deciding anything. What plain JavaScript needs for the moves.
 */
export function readAndStore(frame: Uint8Array, records: Float64Array): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  for (let at = 0; at < frame.byteLength; at += packetBytes) {
    let to = (view.getUint32(at + 4, true) - 40_000) * recordNumbers;
    records[to++] = view.getFloat32(at + 8, true);
    records[to++] = view.getUint16(at + 12, true);
    records[to++] = view.getUint32(at + 14, true);
    records[to++] = view.getFloat32(at + 18, true);
    for (let from = at + 22; from < at + 46; from += 4) records[to++] = view.getUint32(from, true);
    for (let from = at + 46; from < at + 62; from += 4) records[to++] = view.getFloat32(from, true);
    for (let level = at + 62; level < at + 162; level += 20) {
      records[to++] = view.getUint32(level, true);
      records[to++] = view.getUint32(level + 4, true);
      records[to++] = view.getUint16(level + 8, true);
      records[to++] = view.getUint16(level + 10, true);
      records[to++] = view.getFloat32(level + 12, true);
      records[to++] = view.getFloat32(level + 16, true);
    }
  }
}

/** Baseline (b): what one writes without thinking about it: objects, and a Map by key. */
export function decodeToMap(frame: Uint8Array, table: Map<number, Record<string, unknown>>): void {
  const buffer = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  for (let at = 0; at < buffer.length; at += packetBytes) {
    const id = buffer.readUInt32LE(at + 4);
    const depth = Array.from({ length: 5 }, (_, level) => {
      const base = at + 62 + level * 20;
      return {
        bidQty: buffer.readUInt32LE(base),
        askQty: buffer.readUInt32LE(base + 4),
        bidOrders: buffer.readUInt16LE(base + 8),
        askOrders: buffer.readUInt16LE(base + 10),
        bid: buffer.readFloatLE(base + 12),
        ask: buffer.readFloatLE(base + 16),
      };
    });
    const tick = {
      segment: buffer.readUInt8(at + 3),
      id,
      ltp: buffer.readFloatLE(at + 8),
      ltq: buffer.readUInt16LE(at + 12),
      ltt: buffer.readUInt32LE(at + 14),
      atp: buffer.readFloatLE(at + 18),
      volume: buffer.readUInt32LE(at + 22),
      sellQty: buffer.readUInt32LE(at + 26),
      buyQty: buffer.readUInt32LE(at + 30),
      oi: buffer.readUInt32LE(at + 34),
      oiHigh: buffer.readUInt32LE(at + 38),
      oiLow: buffer.readUInt32LE(at + 42),
      open: buffer.readFloatLE(at + 46),
      close: buffer.readFloatLE(at + 50),
      high: buffer.readFloatLE(at + 54),
      low: buffer.readFloatLE(at + 58),
      depth,
    };
    table.set(id, { ...table.get(id), ...tick });
  }
}
