import { sentenceOf } from '../../engine/errors.ts';
import { detectedObjects } from './detected-objects.ts';
import type { Answers, DetectorSession } from './detector-session.ts';
import type { LoadedModel } from './load-model.ts';
import { pictureStatistics } from './picture-statistics.ts';
import type { FrameAnswer, FrameFacts } from './worker-messages.ts';
import { decodeYolo } from './yolo-decode.ts';

/**
 * Looks at a batch. When the batch as a whole fails, each frame is tried alone, so that one frame does not take the others with it.
 * Never throws: a frame that cannot be looked at is answered with its failure.
 */
export async function answerFrames(
  session: DetectorSession,
  model: LoadedModel,
  pixels: Uint8Array,
  frames: readonly FrameFacts[],
): Promise<FrameAnswer[]> {
  try {
    const answers = await session.run(pixels, frames.length);
    return frames.map((facts, index) => answerOf(answers, index, model, frameOf(pixels, index, session), facts));
  } catch (error) {
    if (frames.length === 1) return [{ failure: sentenceOf(error) }];
  }
  const answers: FrameAnswer[] = [];
  for (const [index, facts] of frames.entries()) {
    answers.push(...(await answerFrames(session, model, frameOf(pixels, index, session), [facts])));
  }
  return answers;
}

function frameOf(pixels: Uint8Array, index: number, { frameBytes }: DetectorSession): Uint8Array {
  return pixels.subarray(index * frameBytes, (index + 1) * frameBytes);
}

function answerOf(answers: Answers, index: number, model: LoadedModel, pixels: Uint8Array, facts: FrameFacts): FrameAnswer {
  try {
    const detections = decodeYolo(answers.of(index), answers.anchors, model.thresholds);
    const { width, height } = model.graph;
    return {
      objects: detectedObjects(detections, model.classes, facts.letterbox),
      picture: facts.statistics ? pictureStatistics(pixels, width, height, facts.letterbox) : undefined,
    };
  } catch (error) {
    return { failure: sentenceOf(error) };
  }
}
