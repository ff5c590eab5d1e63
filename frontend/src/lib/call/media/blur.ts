/**
 * One's own background out of focus: MediaPipe's network finds the person, LiveKit's processor draws the rest blurred.
 * Imported when first used; program, network and weights come from this server (scripts/finish-build.mjs).
 */
import {
  BackgroundProcessor,
  setLogLevel,
  supportsBackgroundProcessors,
  type BackgroundProcessorWrapper,
} from '@livekit/track-processors';
import { LocalVideoTrack } from 'livekit-client';
import { VIDEO } from './kinds';

const FILES = '/blur';
const MODEL = `${FILES}/selfie_segmentation.tflite`;
const RADIUS = 12;
/** Slower than this, most of the time, a machine has no time for anything else: the middle of so many pictures. */
const SLOW_MS = 500;
const MEASURED = 15;

setLogLevel('warn');

/** Whether what draws is the processor itself; then it is the quicker one for the network, too. */
function drawsInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl?.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return /SwiftShader|llvmpipe|software/i.test(name);
}

/** Calls `tooSlow` once, when the middle one of some pictures took too long. */
function watch(tooSlow: () => void): (stats: { processingTimeMs: number }) => void {
  let times: number[] = [];
  return ({ processingTimeMs }) => {
    times.push(processingTimeMs);
    if (times.length < MEASURED) return;
    const middle = times.toSorted((a, b) => a - b)[MEASURED >> 1] ?? 0;
    times = [];
    if (middle > SLOW_MS) tooSlow();
  };
}

/** Throws where there is no WebGL 2, or the program does not come. `tooSlow` is called on a machine that is. */
export function createBlur(tooSlow: () => void): BackgroundProcessorWrapper {
  if (!supportsBackgroundProcessors()) throw new Error('this browser cannot process video');
  const blur = BackgroundProcessor({
    mode: 'background-blur',
    blurRadius: RADIUS,
    assetPaths: { tasksVisionFileSet: FILES, modelAssetPath: MODEL },
    segmenterOptions: { delegate: drawsInSoftware() ? 'CPU' : 'GPU' },
    onFrameProcessed: watch(tooSlow),
  });
  // It would send the first picture as it is, to be quick; but that is the one thing not wanted.
  blur.transformer.isFirstFrame = false;
  return blur;
}

/** A camera that runs already, made into one whose background is blurred. */
export async function blurCamera(camera: MediaStreamTrack, tooSlow: () => void): Promise<LocalVideoTrack> {
  const track = new LocalVideoTrack(camera, VIDEO, false);
  await track.setProcessor(createBlur(tooSlow));
  return track;
}
