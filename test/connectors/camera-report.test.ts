import { expect, it } from 'vitest';
import { CameraReport } from '../../connectors/camera-report.ts';

it('keeps the words of earlier processes for people, and those of this one for the cause of its end', () => {
  const report = new CameraReport('dock-1', { state: 'starting', since: 0 });
  report.processStarts();
  report.line({ level: 'error', part: 'h264', text: 'no such file or directory' });
  report.processStarts();
  report.line({ level: 'error', part: '', text: 'Broken pipe' });
  expect(report.processLines).toEqual(['Broken pipe']);
  expect(report.status(0).lastLines).toEqual(['h264: no such file or directory', 'Broken pipe']);
});

it('shows people what explains trouble, and not what ffmpeg warns of when all is well', () => {
  const report = new CameraReport('dock-1', { state: 'starting', since: 0 });
  report.line({ level: 'warning', part: 'swscaler', text: 'No accelerated colorspace conversion found from yuv420p to gbrp.' });
  report.line({ level: 'error', part: 'h264', text: 'error while decoding MB 3 4' });
  expect(report.status(0)).toMatchObject({ lastLines: ['h264: error while decoding MB 3 4'], counters: { decodeErrors: 1 } });
  expect(report.processLines).toHaveLength(2);
});
