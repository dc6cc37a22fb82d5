import { describe, expect, it } from 'vitest';
import { type CameraChanges, type CameraFields, editConfiguration } from '../../../engine/config/edit-configuration.ts';
import { parseConfiguration } from '../../../engine/config/read-configuration.ts';

const NEW: CameraFields = { id: 'new', url: 'rtsp://viewer:${PW}@192.0.2.9/s', fps: 5 };
const LINES = '  - id: new\n    url: rtsp://viewer:${PW}@192.0.2.9/s\n    fps: 5\n';

const add = (text: string, camera = NEW) => editConfiguration(text, { kind: 'add', camera });
const change = (text: string, id: string, changes: CameraChanges) => editConfiguration(text, { kind: 'change', id, changes });
const remove = (text: string, id: string) => editConfiguration(text, { kind: 'remove', id });

/** As a person may write it: comments everywhere, quotes of each kind, blank lines, odd spaces. */
const FILE = `# The hall.
model:   models/parcels   # ours

cameras:
  # By the gate.
  - id: gate-1     # the old one
    url: "rtsp://viewer:secret@192.0.2.1/s"
    # fps: 2

  # The dock; slow link.
  # Password: ask Ada.
  - id:  dock
    fps: 3   # enough
    url: 'rtsp://192.0.2.2/s'

  # The line.

  - id: line
    url: rtsp://192.0.2.3/s
    enabled: false
    # not before May
# Tail.
keep: 1 GiB
`;

describe('adding a camera', () => {
  it('puts its lines behind the last one and changes no other byte', () => {
    expect(add(FILE)).toBe(FILE.replace('    # not before May\n', `    # not before May\n\n${LINES}`));
  });

  it.each([
    ['an empty file', '', `cameras:\n${LINES}`],
    ['a file of comments, without a line break at its end', '# Nothing yet.', `# Nothing yet.\ncameras:\n${LINES.trimEnd()}`],
    ['no list yet', 'model: x\n# end\n', `model: x\ncameras:\n${LINES}# end\n`],
    ['no list yet and an end mark', '---\nmodel: x\n...\n', `---\nmodel: x\ncameras:\n${LINES}...\n`],
    ['an empty list', 'cameras: [] # none\nmodel: x\n', `cameras: # none\n${LINES}model: x\n`],
    [
      'dashes that are not further in',
      'cameras:\n- id: a\n  url: rtsp://h/s',
      `cameras:\n- id: a\n  url: rtsp://h/s\n${LINES.replaceAll(/^ {2}/gm, '').trimEnd()}`,
    ],
    [
      'a folded address',
      'cameras:\n  - id: a\n    url: >-\n      rtsp://h/s\nmodel: x\n',
      `cameras:\n  - id: a\n    url: >-\n      rtsp://h/s\n${LINES}model: x\n`,
    ],
    [
      'windows line breaks and a byte order mark',
      '\uFEFFcameras:\r\n  - id: a\r\n    url: rtsp://h/s\r\n',
      `\uFEFFcameras:\r\n  - id: a\r\n    url: rtsp://h/s\r\n${LINES.replaceAll('\n', '\r\n')}`,
    ],
    [
      'cameras in brackets',
      'cameras: [{ id: a, url: "rtsp://h/s" }] # all\n',
      `cameras: [{ id: a, url: "rtsp://h/s" }, { "id": "new", "url": "${NEW['url']}", "fps": 5 }] # all\n`,
    ],
    ['a file in brackets', '{ "model": "x" }\n', `{ "model": "x", "cameras": [{ "id": "new", "url": "${NEW['url']}", "fps": 5 }] }\n`],
    [
      'cameras by anchors',
      'cameras:\n  - &dock-1\n    id: a\n    url: rtsp://h/s\n',
      `cameras:\n  - &dock-1\n    id: a\n    url: rtsp://h/s\n${LINES}`,
    ],
  ])('works with %s', (_name, text, after) => {
    expect(add(text)).toBe(after);
  });

  it('quotes what YAML would read as something else', () => {
    const cameras: CameraFields[] = [
      { ...NEW, id: '007' },
      { ...NEW, id: 'no' },
      { ...NEW, url: 'rtsp://u:p #x@h/s: y' },
    ];
    for (const camera of cameras) {
      const { id, url } = parseConfiguration(add('', camera), 'f', { environment: { PW: 'x' } }).cameras[0] ?? {};
      expect([id, url?.reveal().startsWith('rtsp://')]).toEqual([camera['id'], true]);
    }
  });

  it('and taking it out again gives the very file', () => {
    for (const text of [FILE, FILE.replaceAll('\n', '\r\n'), 'cameras: [{ id: a, url: x }]', 'cameras:\n- id: a\n  url: x\n'])
      expect(remove(add(text), 'new')).toBe(text);
  });
});

describe('changing a camera', () => {
  it('touches the value alone, and keeps its quotes', () => {
    const after = FILE.replace('"rtsp://viewer:secret@192.0.2.1/s"', '"rtsp://192.0.2.7/t"');
    expect(change(FILE, 'gate-1', { url: 'rtsp://192.0.2.7/t' })).toBe(after);
    expect(change(FILE, 'dock', { url: "rtsp://h/it's" })).toBe(FILE.replace("'rtsp://192.0.2.2/s'", "'rtsp://h/it''s'"));
    expect(change(FILE, 'dock', { fps: 4.5 })).toBe(FILE.replace('fps: 3 ', 'fps: 4.5 '));
  });

  it('adds keys below the last one, in their order', () => {
    const after = FILE.replace("'rtsp://192.0.2.2/s'\n", "'rtsp://192.0.2.2/s'\n    enabled: false\n    view: 320\n");
    expect(change(FILE, 'dock', { enabled: false, view: 320 })).toBe(after);
  });

  it('takes a key out with its line, so that the default holds', () => {
    expect(change(FILE, 'line', { enabled: null, fps: null })).toBe(FILE.replace('    enabled: false\n', ''));
    const fpsFirst = 'cameras:\n  - fps: 3 # slow\n    id: a\n    url: rtsp://h/s\n';
    expect(change(fpsFirst, 'a', { fps: null })).toBe('cameras:\n  - # slow\n    id: a\n    url: rtsp://h/s\n');
  });

  it('works in brackets', () => {
    const text = 'cameras: [{ fps: 3, id: a, url: "rtsp://h/s" }, { id: b, url: x, fps: 2 }]';
    expect(change(text, 'a', { fps: null, view: false, url: 'rtsp://h/t' })).toBe(
      'cameras: [{ id: a, url: "rtsp://h/t", "view": false }, { id: b, url: x, fps: 2 }]',
    );
    expect(change(text, 'b', { fps: null })).toBe('cameras: [{ fps: 3, id: a, url: "rtsp://h/s" }, { id: b, url: x }]');
  });

  it('gives a camera that shares a value by an alias one of its own', () => {
    const text = 'cameras:\n  - { id: a, url: x, fps: &rate 5 }\n  - id: b\n    url: y\n    fps: *rate # shared\n';
    expect(change(text, 'b', { fps: 7 })).toBe(text.replace('*rate', '7'));
  });

  it('is refused where the camera holds the value that others share', () => {
    const text = 'cameras:\n  - id: a\n    url: x\n    fps: &rate 5\n  - id: b\n    url: y\n    fps: *rate\n';
    expect(() => change(text, 'a', { fps: 7 })).toThrow(/Camera "a" cannot be changed without touching others.*Edit it by hand/);
    expect(() => remove(text, 'a')).toThrow(/by hand/);
    expect(() => add('cameras: &list []\nother: *list\n')).toThrow(/by hand/);
  });
});

describe('removing a camera', () => {
  it('takes its own comments along and leaves the rest', () => {
    const [first = '', second = '', third = ''] = FILE.split(/(?= {2}# By the gate| {2}# The dock)/);
    expect(remove(FILE, 'dock')).toBe(first + second + third.slice(third.indexOf('  # The line.')));
    expect(remove(FILE, 'gate-1')).toBe(first + third);
  });

  it('leaves comments that stand apart', () => {
    const after = FILE.replace(/\n {2}- id: line[\s\S]*May\n/, '');
    expect(remove(FILE, 'line')).toBe(after);
  });

  it('leaves an empty list behind the last one', () => {
    expect(remove('cameras: # all\n  - id: a\n    url: x\nmodel: x\n', 'a')).toBe('cameras: [] # all\nmodel: x\n');
    expect(remove('cameras: [ { id: a, url: x }, ]\n', 'a')).toBe('cameras: [ ]\n');
  });

  it('is refused for one that is not there', () => {
    expect(() => remove(FILE, 'hall')).toThrow('There is no camera "hall" in the file.');
  });
});
