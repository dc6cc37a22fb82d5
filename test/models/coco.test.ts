import { describe, expect, it } from 'vitest';
import { parseCoco } from '../../models/evaluation/coco.ts';

const IMAGE = { id: 1, file_name: 'a.jpg', width: 64, height: 36 };
const ANNOTATION = { id: 1, image_id: 1, category_id: 7, bbox: [1, 2, 3, 4], area: 12 };

function cocoText(changes: object): string {
  return JSON.stringify({ images: [IMAGE], categories: [{ id: 7, name: 'tote' }], annotations: [ANNOTATION], ...changes });
}

describe('COCO annotations', () => {
  it('are read, an object being no crowd unless it says so', () => {
    const { annotations } = parseCoco(cocoText({}), 'truth.json');
    expect(annotations).toEqual([{ ...ANNOTATION, iscrowd: 0 }]);
  });

  it.each([
    ['no JSON', '{', 'is no JSON'],
    ['an id as text', cocoText({ images: [{ ...IMAGE, id: '1' }] }), 'images.0.id'],
    ['an image without a size', cocoText({ images: [{ id: 1, file_name: 'a.jpg' }] }), 'images.0.width'],
    [
      'an image that is missing',
      cocoText({ annotations: [{ ...ANNOTATION, image_id: 2 }] }),
      'annotations.0.image_id: there is no image 2',
    ],
    [
      'a category that is missing',
      cocoText({ annotations: [{ ...ANNOTATION, category_id: 1 }] }),
      'annotations.0.category_id: there is no category 1',
    ],
    ['a negative area', cocoText({ annotations: [{ ...ANNOTATION, area: -12 }] }), 'annotations.0.area'],
    ['a negative width', cocoText({ annotations: [{ ...ANNOTATION, bbox: [1, 2, -3, 4] }] }), 'annotations.0.bbox.2'],
    ['a box of three numbers', cocoText({ annotations: [{ ...ANNOTATION, bbox: [1, 2, 3] }] }), 'annotations.0.bbox'],
    ['an annotation id twice', cocoText({ annotations: [ANNOTATION, ANNOTATION] }), 'annotations.1.id: 1 stands there twice'],
    [
      'a category id twice',
      cocoText({
        categories: [
          { id: 7, name: 'a' },
          { id: 7, name: 'b' },
        ],
      }),
      'categories.1.id: 7 stands there twice',
    ],
    ['no categories', cocoText({ categories: [] }), 'categories'],
  ])('are refused with %s, naming the place', (_fault, text, sentence) => {
    expect(() => parseCoco(text, 'truth.json')).toThrow(`truth.json: expected COCO annotations; ${sentence}`);
  });
});
