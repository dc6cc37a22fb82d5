/** How a viewer wants its packets: over the RTSP connection, or by UDP to two ports of its own. The second number is for RTCP. */
export type TransportOffer =
  | { readonly kind: 'tcp'; readonly channels: readonly [number, number] }
  | { readonly kind: 'udp'; readonly clientPorts: readonly [number, number] };

/** The first of the offers in a header `Transport` (RFC 2326, section 12.39) that this server can meet, or undefined. */
export function chooseTransport(header: string): TransportOffer | undefined {
  for (const offer of header.split(',')) {
    const chosen = readOffer(offer.split(';').map((part) => part.trim()));
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

function readOffer([protocol, ...parameters]: readonly string[]): TransportOffer | undefined {
  if (parameters.includes('multicast') || parameters.some((parameter) => /^mode="?record/i.test(parameter))) return undefined;
  if (protocol === 'RTP/AVP/TCP') {
    const channels = pair(parameters, 'interleaved', 0, 255) ?? ([0, 1] as const);
    return { kind: 'tcp', channels };
  }
  const clientPorts = pair(parameters, 'client_port', 1, 65_535);
  return (protocol === 'RTP/AVP' || protocol === 'RTP/AVP/UDP') && clientPorts !== undefined ? { kind: 'udp', clientPorts } : undefined;
}

/** `name=4-5`; a lone `name=4` means 4 and 5. */
function pair(parameters: readonly string[], name: string, lowest: number, highest: number): [number, number] | undefined {
  const text = parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
  const [, first, second] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? '') ?? [];
  if (first === undefined) return undefined;
  const numbers: [number, number] = [Number(first), Number(second ?? Number(first) + 1)];
  return numbers.every((number) => number >= lowest && number <= highest) ? numbers : undefined;
}
