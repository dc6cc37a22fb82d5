const FIN_BINARY = 0x82;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/**
 * A whole WebSocket message from server to browser, ready for the wire: FIN, opcode binary, not masked, not compressed (RFC 6455, 5.2).
 * Built once for all who get it; `ws` would build the head again, and hand over two pieces, for each of them.
 */
export function binaryFrame(payload: Uint8Array): Buffer {
  const head = headOf(payload.byteLength);
  const frame = Buffer.allocUnsafeSlow(head.byteLength + payload.byteLength);
  frame.set(head);
  frame.set(payload, head.byteLength);
  return frame;
}

function headOf(length: number): Uint8Array {
  if (length < LENGTH_IN_16_BITS) return Uint8Array.of(FIN_BINARY, length);
  const wide = length > 0xffff;
  const head = Buffer.alloc(wide ? 10 : 4);
  head.set([FIN_BINARY, wide ? LENGTH_IN_64_BITS : LENGTH_IN_16_BITS]);
  if (wide) head.writeBigUInt64BE(BigInt(length), 2);
  else head.writeUInt16BE(length, 2);
  return head;
}
