import { describe, expect, it } from 'vitest';
import { detectedObject } from '../../../engine/records/record.ts';
import { detectedObjects } from '../../../operators/detect/detected-objects.ts';

const LETTERBOX = { x: 0, y: 6, width: 320, height: 180 };

function seen(x1: number, y1: number, x2: number, y2: number, score = 0.5) {
  return detectedObjects([{ classIndex: 1, score, x1, y1, x2, y2 }], ['parcel', 'tote'], LETTERBOX);
}

describe('objects of the record', () => {
  it('lie in 0…1 of the source picture, without the grey bars', () => {
    expect(seen(80, 51, 160, 96)).toEqual([{ label: 'tote', score: 0.5, box: [0.25, 0.25, 0.25, 0.25] }]);
  });

  it('are clipped to the picture', () => {
    expect(seen(-10, 0, 400, 200)[0]?.box).toEqual([0, 0, 1, 1]);
  });

  it('are left out when they lie in the grey bars only', () => {
    expect(seen(100, 0, 200, 5)).toEqual([]);
    expect(seen(400, 50, 500, 90)).toEqual([]);
  });

  it('have scores of 4 decimals and boxes of 5', () => {
    const [object] = seen(10.123456, 20.123456, 50.98765, 70.98765, 0.123456);
    expect(object).toEqual({ label: 'tote', score: 0.1235, box: [0.03164, 0.07846, 0.1277, 0.28258] });
  });

  it('fit into the record whatever the model answers', () => {
    for (let n = 0; n < 500; n++) {
      const [x, y] = [(n * 7.919) % 340, (n * 3.571) % 200];
      for (const object of seen(x, y, x + ((n * 1.7) % 90), y + ((n * 2.3) % 90), (n % 101) / 100)) {
        const { box } = detectedObject.parse(object);
        expect(box[0] + box[2]).toBeLessThanOrEqual(1 + 1e-12);
        expect(box[1] + box[3]).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });
});
