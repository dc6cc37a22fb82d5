import { describe, expect, it } from 'vitest';
import { formatResponse, interleave, nextMessage } from '../../../demo/cameras/rtsp-message.ts';
import { chooseTransport } from '../../../demo/cameras/transport-header.ts';

const request = 'SETUP rtsp://127.0.0.1/dock-1/track1 RTSP/1.0\r\nCSeq: 3\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n';

describe('the reader of RTSP messages', () => {
  it('reads a request however it is cut', () => {
    const bytes = Buffer.from(request);
    for (let length = 0; length < bytes.length; length++) expect(nextMessage(bytes.subarray(0, length))).toBeUndefined();
    expect(nextMessage(bytes)).toEqual({
      message: {
        kind: 'request',
        method: 'SETUP',
        url: 'rtsp://127.0.0.1/dock-1/track1',
        headers: { cseq: '3', transport: 'RTP/AVP/TCP;interleaved=0-1' },
      },
      usedBytes: bytes.length,
    });
  });

  it('waits for the body and passes over it', () => {
    const head = 'GET_PARAMETER rtsp://h/c RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\n';
    expect(nextMessage(Buffer.from(`${head}abc`))).toBeUndefined();
    expect(nextMessage(Buffer.from(`${head}abcd`))?.usedBytes).toBe(head.length + 4);
  });

  it('reads data between the messages', () => {
    const bytes = Buffer.concat([interleave(1, Buffer.from('report')), Buffer.from(request)]);
    expect(nextMessage(bytes)).toEqual({ message: { kind: 'data', channel: 1, payload: Buffer.from('report') }, usedBytes: 10 });
    expect(nextMessage(bytes.subarray(0, 9))).toBeUndefined();
  });

  it.each([
    ['GET / HTTP/1.1\r\n\r\n', /expected a request line such as/],
    ['OPTIONS * RTSP/2.0\r\n\r\n', /expected RTSP\/1\.0, got RTSP\/2\.0/],
    ['OPTIONS * RTSP/1.0\r\nno colon\r\n\r\n', /expected a header/],
    ['OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n', /expected a Content-Length from 0/],
    ['x'.repeat(20_000), /longer than 16384 bytes/],
  ])('refuses what is no RTSP: %j', (text, message) => {
    expect(() => nextMessage(Buffer.from(text))).toThrow(message);
  });

  it('writes an answer with its number, headers and length', () => {
    const text = formatResponse({ status: 200, headers: { Session: 'a', 'RTP-Info': undefined }, body: 'ü' }, '7').toString();
    expect(text).toBe('RTSP/1.0 200 OK\r\nCSeq: 7\r\nServer: Ocelli cameras\r\nSession: a\r\nContent-Length: 2\r\n\r\nü');
  });
});

describe('the choice of transport', () => {
  it.each([
    ['RTP/AVP/TCP;unicast;interleaved=2-3', { kind: 'tcp', channels: [2, 3] }],
    ['RTP/AVP/TCP;unicast', { kind: 'tcp', channels: [0, 1] }],
    ['RTP/AVP;unicast;client_port=4000-4001', { kind: 'udp', clientPorts: [4000, 4001] }],
    ['RTP/AVP/UDP;unicast;client_port=4000', { kind: 'udp', clientPorts: [4000, 4001] }],
    ['RTP/AVP;multicast;port=4000-4001, RTP/AVP/TCP;interleaved=0-1', { kind: 'tcp', channels: [0, 1] }],
  ])('takes the first offer that it can meet: %s', (header, expected) => {
    expect(chooseTransport(header)).toEqual(expected);
  });

  it.each([
    '',
    'RTP/AVP;multicast',
    'RTP/AVP;unicast',
    'RTP/AVP;unicast;client_port=70000-70001',
    'RTP/AVP;unicast;client_port=0-1',
    'RTP/SAVP;unicast;client_port=4-5',
  ])('meets no other: %s', (header) => {
    expect(chooseTransport(header)).toBeUndefined();
  });
});
