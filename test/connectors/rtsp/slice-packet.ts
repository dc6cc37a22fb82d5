const H264_SLICE = [0x41, 0x9a, 0, 0];

/** A packet of one slice that is not its picture's last. */
export function slicePacket(sequence: number, payloadType = 96, payload: readonly number[] = H264_SLICE): Buffer {
  const packet = Buffer.from([0x80, payloadType, 0, 0, 0, 0, 0, 1, 0x12, 0x34, 0x56, 0x78, ...payload]);
  packet.writeUInt16BE(sequence, 2);
  return packet;
}
